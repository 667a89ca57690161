import { useState } from "react";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Form } from "../ui/form.tsx";
import { ImageField } from "./image-field.tsx";

/** To pull an image onto a host; several runtimes are asked for which. */
export function PullDialog(props: {
  runtimes: readonly string[];
  onClose: () => void;
  onSubmit: (image: string, runtime: string) => Promise<void>;
}) {
  const [image, setImage] = useState("");
  const [runtime, setRuntime] = useState("");
  return (
    <Dialog open onOpenChange={props.onClose} title="Pull an image">
      <Form
        submit="Pull"
        disabled={!image.trim()}
        onCancel={props.onClose}
        onSubmit={async () => {
          await props.onSubmit(image.trim(), runtime);
          props.onClose();
        }}
      >
        {(error) => (
          <>
            <ImageField
              label="Image"
              hint="registry/name:tag, or name@sha256:..."
              error={error("image")}
              value={image}
              set={setImage}
            />
            {props.runtimes.length > 1 && (
              <Field label="Runtime">
                {(attributes) => (
                  <select
                    {...attributes}
                    className="field"
                    value={runtime}
                    onChange={(event) => setRuntime(event.target.value)}
                  >
                    <option value="">The first</option>
                    {props.runtimes.map((name) => (
                      <option key={name}>{name}</option>
                    ))}
                  </select>
                )}
              </Field>
            )}
          </>
        )}
      </Form>
    </Dialog>
  );
}
