import { CatchBoundary } from "@tanstack/react-router";
import { type ComponentType, lazy, type ReactNode, useState } from "react";
import { ErrorState } from "../ui/states.tsx";
import { loadPart, PartMissing } from "./load-part.ts";
import { MissingPart } from "./missing-part.tsx";

/**
 * A component in a file of its own, loaded when it is first shown or preloaded. Suspends meanwhile. One that does not come
 * stands there as an error with a way to try again; `frame` puts that where the component would be, such as in a dialog.
 */
export function lazyPart<P extends object>(
  load: () => Promise<ComponentType<P>>,
  frame: (failed: ReactNode, props: P) => ReactNode = (failed) => failed,
): ((props: P) => ReactNode) & { preload: () => Promise<void> } {
  let coming: Promise<{ default: ComponentType<P> }> | undefined;
  const come = () => {
    coming ??= loadPart(load)
      .then((part) => ({ default: part }))
      .catch((error: unknown) => {
        coming = undefined;
        throw error;
      });
    return coming;
  };
  // React keeps a failure for good, so after one there is a new one for whoever tries next.
  let newest = lazy(come);

  function LazyPart(props: P) {
    const [Part, setPart] = useState(() => newest);
    const [failure, setFailure] = useState<{ error: unknown } | null>(null);
    if (failure !== null) {
      const again = () => {
        setPart(newest);
        setFailure(null);
      };
      const { error } = failure;
      return frame(
        error instanceof PartMissing ? (
          <MissingPart error={error} onRetry={again} />
        ) : (
          <ErrorState error={error} onRetry={again} />
        ),
        props,
      );
    }
    return (
      <CatchBoundary
        getResetKey={() => "part"}
        onCatch={(error) => {
          if (error instanceof PartMissing && newest === Part) newest = lazy(come);
          setFailure({ error });
        }}
        errorComponent={Nothing}
      >
        <Part {...props} />
      </CatchBoundary>
    );
  }
  LazyPart.preload = () =>
    come().then(
      () => {},
      () => {},
    );
  return LazyPart;
}

function Nothing() {
  return null;
}
