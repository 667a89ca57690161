// Shows /api/v1/openapi.json: every route with its fields, an example and a curl line; searchable.

const byId = (id) => document.getElementById(id);

/** Makes an element; strings become text, never markup. */
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== undefined && child !== ""));
  return element;
}

let schemas = {};

/** The schema that a reference stands for. */
function resolve(schema) {
  const name = schema?.$ref?.split("/").pop();
  return name === undefined ? (schema ?? {}) : (schemas[name] ?? {});
}

/** A schema in one phrase: "string, date-time", "Server[]", "viewer | admin". */
function typeOf(schema) {
  if (schema?.$ref) return schema.$ref.split("/").pop();
  if (schema?.const !== undefined) return JSON.stringify(schema.const);
  if (schema?.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const several = schema?.anyOf ?? schema?.oneOf ?? schema?.allOf;
  if (several) return several.map(typeOf).join(schema.allOf ? " & " : " | ");
  const types = [schema?.type ?? "any"].flat();
  const words = types.map((type) => {
    if (type === "array") return `${typeOf(schema.items)}[]`;
    if (type === "object" && schema.additionalProperties) return `{name: ${typeOf(schema.additionalProperties)}}`;
    return type;
  });
  return [words.join(" | "), schema?.format].filter(Boolean).join(", ");
}

function bounds(schema) {
  const parts = [];
  if (schema.minimum !== undefined) parts.push(`at least ${schema.minimum}`);
  if (schema.maximum !== undefined) parts.push(`at most ${schema.maximum}`);
  if (schema.minLength > 1) parts.push(`at least ${schema.minLength} characters`);
  if (schema.maxLength !== undefined) parts.push(`at most ${schema.maxLength} characters`);
  if (schema.maxItems !== undefined) parts.push(`at most ${schema.maxItems}`);
  if (schema.default !== undefined) parts.push(`default ${JSON.stringify(schema.default)}`);
  return parts.join(", ");
}

function row(name, schema, required, description) {
  const notes = [description ?? schema.description, bounds(resolve(schema))].filter(Boolean).join(" · ");
  return el(
    "tr",
    {},
    el("td", {}, el("code", {}, name), required ? el("span", { class: "delete", title: "required" }, " *") : ""),
    el("td", {}, el("code", { class: "muted" }, typeOf(schema)), notes === "" ? "" : el("div", {}, notes)),
  );
}

/** The fields of an object schema as rows, objects within it below their path; `depth` bounds recursion. */
function rows(schema, prefix = "", depth = 0) {
  const whole = resolve(schema);
  if (whole.oneOf || whole.anyOf || whole.allOf) {
    return (whole.oneOf ?? whole.anyOf ?? whole.allOf).flatMap((one) => rows(one, prefix, depth));
  }
  if (whole.type === "array" || (Array.isArray(whole.type) && whole.type.includes("array"))) {
    return rows(whole.items, `${prefix}[].`.replace(".[]", "[]"), depth + 1);
  }
  if (!whole.properties || depth > 4) return [];
  const required = new Set(whole.required ?? []);
  return Object.entries(whole.properties).flatMap(([name, value]) => [
    row(prefix + name, value, required.has(name)),
    ...rows(value, `${prefix}${name}.`, depth + 1),
  ]);
}

function example(schema, depth = 0) {
  const whole = resolve(schema);
  if (whole.example !== undefined) return whole.example;
  if (whole.default !== undefined) return whole.default;
  if (whole.const !== undefined) return whole.const;
  if (whole.enum) return whole.enum[0];
  const several = whole.oneOf ?? whole.anyOf;
  if (several) return example(several[0], depth);
  const type = [whole.type].flat()[0];
  if (type === "object" && whole.properties) {
    const needed = Object.entries(whole.properties).filter(([name]) => whole.required?.includes(name) || depth === 0);
    return Object.fromEntries(needed.map(([name, value]) => [name, example(value, depth + 1)]));
  }
  if (type === "object") return {};
  if (type === "array") return depth > 3 ? [] : [example(whole.items, depth + 1)];
  if (type === "number" || type === "integer") return whole.minimum ?? 1;
  if (type === "boolean") return true;
  if (whole.format === "uuid") return "01999999-0000-7000-8000-000000000000";
  if (whole.format === "date-time") return "2026-01-01T00:00:00.000Z";
  return "text";
}

function curl(method, path, operation) {
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  const url = `${location.origin}${path}`;
  const lines = [`curl -sS${method === "get" ? "" : ` -X ${method.toUpperCase()}`} '${url}'`];
  if (operation.security?.length) lines.push(`  -H "Authorization: Bearer $FAIRLEAD_TOKEN"`);
  if (body) lines.push("  -H 'Content-Type: application/json'", `  -d '${JSON.stringify(example(body))}'`);
  return lines.join(" \\\n");
}

/** Sends a GET with the browser's session and shows the answer. */
function trial(path) {
  const output = el("pre", { hidden: "" });
  const input = el("input", { type: "text", value: path, "aria-label": "Address", size: "60" });
  input.style.cssText = "max-width:100%;font:13px ui-monospace,monospace;padding:6px 8px;margin-right:8px";
  const button = el("button", { type: "button" }, "Send");
  button.addEventListener("click", async () => {
    output.hidden = false;
    output.textContent = "…";
    try {
      const answer = await fetch(input.value, { headers: { accept: "application/json" } });
      const text = await answer.text();
      const isJson = answer.headers.get("content-type")?.includes("json");
      const shown = isJson ? JSON.stringify(JSON.parse(text), null, 2) : text;
      output.textContent = `${answer.status}\n${shown.slice(0, 20_000)}`;
    } catch (error) {
      output.textContent = String(error);
    }
  });
  return el("details", {}, el("summary", {}, "Try it with this browser's session"), input, button, output);
}

function section(title, ...content) {
  return [el("h4", {}, title), ...content];
}

function article(entry) {
  const { method, path, operation, id } = entry;
  const parameters = operation.parameters ?? [];
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  const [status, answer] = Object.entries(operation.responses).find(([code]) => code !== "default") ?? [];
  const [media, content] = Object.entries(answer?.content ?? {})[0] ?? [];
  const answerRows = rows(content?.schema);
  return el(
    "article",
    { id },
    el("h3", {}, operation.summary),
    el(
      "div",
      { class: "path" },
      el("span", { class: `verb ${method}` }, method),
      el("code", {}, path),
      el("span", { class: "badge" }, operation["x-permission"]),
    ),
    ...(operation.description ?? "")
      .split("\n\n")
      .filter((text) => !/^(Needs the role|Open without)/.test(text))
      .map((text) => el("p", { class: "muted" }, text)),
    ...(parameters.length === 0
      ? []
      : section(
          "Parameters",
          el(
            "table",
            {},
            ...parameters.map((one) => row(`${one.name} (${one.in})`, one.schema ?? {}, one.required, one.description)),
          ),
        )),
    ...(body ? section("Body", el("table", {}, ...rows(body))) : []),
    ...section(
      `Answer ${status}${media && media !== "application/json" ? `, ${media}` : ""}`,
      answerRows.length === 0
        ? el("code", { class: "muted" }, content ? typeOf(content.schema) : "no body")
        : el(
            "details",
            {},
            el("summary", {}, `${typeOf(content.schema)}: ${answerRows.length} fields`),
            el("table", {}, ...answerRows),
          ),
    ),
    ...section("curl", el("pre", {}, curl(method, path, operation))),
    ...(method === "get" && media === "application/json" ? [trial(path)] : []),
  );
}

function render(entries, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter((entry) => words.every((word) => entry.text.includes(word)));
  const tags = Map.groupBy(found, (entry) => entry.operation.tags?.[0] ?? "other");
  byId("index").replaceChildren(
    ...[...tags].flatMap(([tag, list]) => [
      el("h2", {}, tag),
      ...list.map((entry) =>
        el(
          "a",
          { href: `#${entry.id}`, title: entry.path },
          el("span", { class: `verb ${entry.method}` }, entry.method),
          entry.operation.summary,
        ),
      ),
    ]),
  );
  byId("routes").replaceChildren(
    el("p", { class: "muted" }, `${found.length} of ${entries.length} routes`),
    ...[...tags.values()].flat().map((entry) => (entry.element ??= article(entry))),
  );
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

const dark = matchMedia("(prefers-color-scheme: dark)");
setTheme(localStorage.getItem("fairlead.docs.theme") ?? (dark.matches ? "dark" : "light"));
byId("theme").addEventListener("click", () => {
  const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  localStorage.setItem("fairlead.docs.theme", theme);
  setTheme(theme);
});

try {
  const document31 = await (await fetch("/api/v1/openapi.json")).json();
  schemas = document31.components?.schemas ?? {};
  const entries = Object.entries(document31.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method,
      path,
      operation,
      id: `${method}${path.replace(/[^\w]+/g, "-")}`,
      text: `${method} ${path} ${JSON.stringify(operation)}`.toLowerCase(),
    })),
  );
  const search = byId("search");
  search.addEventListener("input", () => render(entries, search.value));
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    search.focus();
  });
  render(entries, "");
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
} catch (error) {
  byId("routes").replaceChildren(el("p", {}, `The document could not be read: ${error}`));
}
