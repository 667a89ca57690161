const paths = {
  servers: "M4 5h16v5H4zM4 14h16v5H4zM7.5 7.5h.01M7.5 16.5h.01",
  containers: "M3 8l9-5 9 5v8l-9 5-9-5zM3 8l9 5 9-5M12 13v8",
  databases:
    "M12 3c4.7 0 8 1.3 8 3s-3.3 3-8 3-8-1.3-8-3 3.3-3 8-3zM4 6v12c0 1.7 3.3 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.3 3 8 3s8-1.3 8-3",
  storage: "M5 5h14l2 8v6H3v-6zM3 13h18M7 16h.01M11 16h.01",
  commands: "M5 7l5 5-5 5M13 17h6",
  alerts: "M6 16V11a6 6 0 0112 0v5l1.5 2h-15zM10 21h4",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  plus: "M12 5v14M5 12h14",
  search: "M11 18a7 7 0 100-14 7 7 0 000 14zM16 16l4.5 4.5",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M5 12.5l4.5 4.5L19 7.5",
  pause: "M8 5v14M16 5v14",
  play: "M8 5l11 7-11 7z",
  stop: "M6 6h12v12H6z",
  refresh: "M20 11a8 8 0 10-2.3 6.3M20 5v6h-6",
  up: "M12 20V5M6 11l6-6 6 6",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  sun: "M12 16a4 4 0 100-8 4 4 0 000 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M18.4 5.6L17 7M7 17l-1.4 1.4",
  moon: "M20 14.5A8.5 8.5 0 119.5 4a7 7 0 0010.5 10.5z",
  screen: "M3 5h18v11H3zM8 20h8M12 16v4",
  user: "M12 12a4 4 0 100-8 4 4 0 000 8zM4.5 20a7.5 7.5 0 0115 0",
  down: "M6 9l6 6 6-6",
  save: "M12 4v11M7 10l5 5 5-5M4 20h16",
  left: "M14 6l-6 6 6 6",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
  warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
  empty: "M4 13l3-8h10l3 8v6H4zM4 13h5l1 2h4l1-2h5",
} as const;

export type IconName = keyof typeof paths;

/** A line icon; hidden from assistive technology, so the control beside it names itself. */
export function Icon({ name, size = 16, className = "" }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "more" ? 3 : 1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={`shrink-0 ${className}`}
    >
      <path d={paths[name]} />
    </svg>
  );
}
