/** Names on a server. Ours are parseable and far below the 63 bytes at which PostgreSQL cuts names off silently. */

/** The database that is always there, and in which nothing of ours is done but making others. */
export const MAINTENANCE = 'postgres';
/** The one role a new cluster has. */
export const SUPERUSER = 'postgres';
/** What the endpoint names when the database is made from a template and the config gives no name. */
export const DEFAULT_DATABASE = 'app';

const MAX_NAME_BYTES = 63;

/** A sealed template: whoever sees the name may clone it. */
export const templateName = (key: string): string => `greenroom_template_${key}`;

/** A template on its way, by one builder. */
export const buildingName = (key: string, nonce: string): string => `greenroom_building_${key}_${nonce.slice(0, 8)}`;

/** Both names of a template. */
export interface TemplateNames {
  readonly building: string;
  readonly sealed: string;
}

/** @throws Error for a name that the server would cut off, so that two names could mean one database */
export function identifier(name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes > MAX_NAME_BYTES) throw new Error(`the name ${name} has ${bytes} bytes; ${MAX_NAME_BYTES} are possible`);
  return `"${name.replaceAll('"', '""')}"`;
}

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
