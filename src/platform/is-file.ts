import { statSync } from 'node:fs';

/** Whether a file is there; a directory is none. */
export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
