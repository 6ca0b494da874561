/**
 * Removes from `dist` what no source file stands behind any more. The rest stays in place, because a coordinator of
 * an earlier build may still be loading from there.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const built = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' });

for (const path of built.filter((name) => /\.(d\.ts|js|js\.map)$/.test(name))) {
  const source = join(root, path.replace(/\.(d\.ts|js|js\.map)$/, '.ts'));
  if (!existsSync(source)) rmSync(join(root, 'dist', path));
}
