/** How a program is told the port it shall listen on: in `PORT`, and where an argument says `{port}`. */
export function withPort(
  run: readonly string[],
  port: number | undefined,
): { readonly run: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  if (port === undefined) return { run, env: {} };
  return { run: run.map((word) => word.replaceAll('{port}', String(port))), env: { PORT: String(port) } };
}
