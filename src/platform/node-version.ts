/** What `engines.node` of package.json asks for; it must not import anything that an old Node cannot load. */
const RANGE = '22.18 or a later 22, or 24 and above';

/** One sentence about a Node that is too old; undefined for one that will do. */
export function unsupportedNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major >= 24 || (major === 22 && minor >= 18);
  return enough ? undefined : `Greenroom needs Node ${RANGE}; this is ${version}`;
}
