import { useEffect, useRef, useState } from "react";
import { Icon } from "./icons.tsx";

const typingMs = 250;

/** A search field that tells its text when the typing pauses, not at each letter. */
export function SearchField(props: {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const { value, onChange } = props;
  const [text, setText] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    // Changed from outside: the filter was cleared, or the address.
    if (value !== sent.current) setText(value);
    sent.current = value;
  }, [value]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      onChange(text);
    }, typingMs);
    return () => clearTimeout(timer);
  });
  return (
    <div className="relative col-span-2 max-md:grow md:w-72">
      <Icon name="search" size={14} className="absolute top-1/2 left-2.5 -translate-y-1/2 text-muted" />
      <input
        type="search"
        className="field pl-8!"
        placeholder={props.placeholder}
        aria-label={props.label}
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  );
}

/** One of several words, or any. */
export function Choice(props: {
  label: string;
  value: string | undefined;
  any: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string | undefined) => void;
}) {
  return (
    <select
      className="field md:w-40"
      aria-label={props.label}
      value={props.value ?? ""}
      onChange={(event) => props.onChange(event.target.value || undefined)}
    >
      <option value="">{props.any}</option>
      {props.options.map(([value, label]) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** For small screens, where a list has no headings to click: the columns by which it can be sorted. */
export function SortChoice(props: {
  value: string;
  columns: readonly { label: string; sort?: string | undefined; down?: true | undefined }[];
  onChange: (sort: string) => void;
}) {
  return (
    <select
      className="field md:hidden"
      aria-label="Sort by"
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
    >
      {props.columns.map(
        ({ label, sort, down }) =>
          sort !== undefined && (
            <option key={label} value={down ? `-${sort}` : sort}>
              By {label.toLowerCase()}
            </option>
          ),
      )}
    </select>
  );
}

/** The word with a capital. */
export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
