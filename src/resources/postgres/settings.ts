/** Tuned for tests: nothing needs to survive a crash, and many workers connect at once. */
const TUNING: Readonly<Record<string, string | number | boolean>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: 300,
  unix_socket_directories: '',
};

/** The settings as arguments of the server; the user's win. */
export function settingsOf(
  host: string,
  port: number,
  own: Readonly<Record<string, string | number | boolean>>,
): readonly string[] {
  const settings = { ...TUNING, ...own, listen_addresses: host, port };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
