/** The mistakes a config can have, one function each, so that every message stands once and in one place. */
import { basename } from 'node:path';
import type { Code } from '../protocol/codes.ts';
import { GreenroomError } from '../protocol/failure.ts';
import { nearest } from '../platform/nearest.ts';
import type { Problem } from './problems.ts';
import { show, showPath } from './show.ts';

function failure(code: Code, message: string, hint: string, subject?: string): GreenroomError {
  return new GreenroomError({ code, message, hint, ...(subject === undefined ? {} : { subject }) });
}

/** CONFIG_NOT_FOUND: none from here upwards. */
export function notFoundAbove(cwd: string): GreenroomError {
  return failure(
    'CONFIG_NOT_FOUND',
    `there is no greenroom.config.ts (.mts, .mjs, .js) in ${cwd} or any directory above it`,
    "create greenroom.config.ts with `export default defineConfig({ resources: { … } })` from 'greenroom'",
  );
}

/** CONFIG_NOT_FOUND: the file that was named is not there. */
export function notFoundAt(file: string): GreenroomError {
  return failure(
    'CONFIG_NOT_FOUND',
    `the config file ${file} does not exist`,
    'name a file that exists, or none to have it found',
  );
}

/** CONFIG_LOAD_FAILED: the import threw. `where` is `file:line` as far as it is known. */
export function loadFailed(where: string, message: string, hint: string): GreenroomError {
  return failure('CONFIG_LOAD_FAILED', `importing the config failed at ${where}: ${message}`, hint);
}

/** CONFIG_LOAD_FAILED: a top-level await of the config did not end. */
export function loadHangs(file: string, ms: number): GreenroomError {
  return failure(
    'CONFIG_LOAD_FAILED',
    `importing ${basename(file)} did not end within ${ms / 1000} s`,
    'look for a top-level `await` that waits for something which is not there; what takes long belongs in a resource',
  );
}

/** CONFIG_INVALID: no default export. `names` are the exports it has. */
export function noDefaultExport(file: string, names: readonly string[]): GreenroomError {
  const [first] = names;
  return failure(
    'CONFIG_INVALID',
    `${basename(file)} has no default export${first === undefined ? '' : `, only ${names.map((name) => `\`${name}\``).join(', ')}`}`,
    first === undefined
      ? 'end it with `export default defineConfig({ … })`'
      : `end it with \`export default ${first}\``,
  );
}

/** CONFIG_INVALID: the default export is no config object. */
export function wrongDefaultExport(file: string, value: unknown): GreenroomError {
  return failure(
    'CONFIG_INVALID',
    `the default export of ${basename(file)} must be a config object, got ${show(value)}`,
    value instanceof Promise ? 'wait for it: `export default await …`' : 'write `export default defineConfig({ … })`',
  );
}

/** CONFIG_INVALID: all that has the wrong shape, at once. */
export function invalid(file: string, problems: readonly Problem[]): GreenroomError {
  const lines = problems.map((problem) => `${showPath(problem.path)}: ${problem.text}`);
  const message =
    lines.length === 1
      ? `${basename(file)}: ${lines[0]}`
      : `${lines.length} mistakes in ${basename(file)}\n${lines.map((line) => `  ${line}`).join('\n')}`;
  return failure('CONFIG_INVALID', message, `correct ${lines.length === 1 ? 'it' : 'them'} in ${file}`);
}

/** CONFIG_INVALID: the suite module that is named is not there. */
export function noSuchSuite(file: string, module: string, path: string): GreenroomError {
  return failure(
    'CONFIG_INVALID',
    `${basename(file)}: suite.module names ${show(module)}, and there is no file ${path}`,
    'name it relative to the directory of the config, with its ending, as in `./suite.ts`',
  );
}

/** CONFIG_INVALID: a name that could be no file name, no variable in a spec and no env name. */
export function unusableName(where: string, name: string): GreenroomError {
  return failure(
    'CONFIG_INVALID',
    `${where} has a name that cannot be used: ${show(name)}`,
    'names begin with a letter and go on with at most 63 letters, digits, `_` or `-`',
    name,
  );
}

/** CONFIG_RESERVED_NAME */
export function reservedName(name: string, reason: string): GreenroomError {
  return failure(
    'CONFIG_RESERVED_NAME',
    `a resource cannot be called \`${name}\`, because ${reason}`,
    `give resources.${name} another name`,
    name,
  );
}

/** CONFIG_DUPLICATE_NAME: a resource and a gate share a name, which `wait` and reports could not tell apart. */
export function nameOfBoth(name: string): GreenroomError {
  return failure(
    'CONFIG_DUPLICATE_NAME',
    `\`${name}\` is the name of a resource and of a gate`,
    `give gates.${name} another name`,
    name,
  );
}

/** CONFIG_DUPLICATE_NAME: one resource value stands under two names. */
export function twoNamesForOne(first: string, second: string): GreenroomError {
  return failure(
    'CONFIG_DUPLICATE_NAME',
    `\`${first}\` and \`${second}\` are two names for one resource`,
    'remove one of them, or build a second resource if there should be two',
    second,
  );
}

/** CONFIG_DUPLICATE_NAME: two names give the same environment variables. */
export function sameEnvName(first: string, second: string, name: string): GreenroomError {
  return failure(
    'CONFIG_DUPLICATE_NAME',
    `\`${first}\` and \`${second}\` both publish GREENROOM_${name}_URL`,
    'rename one of them so that they differ in more than case and punctuation',
    second,
  );
}

/** CONFIG_UNKNOWN_NEED: what is needed is not in the config. */
export function unknownNeed(what: string, alias: string): GreenroomError {
  return failure(
    'CONFIG_UNKNOWN_NEED',
    `${what} needs \`${alias}\`, which is not among the resources of the config`,
    `add it: \`resources: { …, ${alias} }\``,
    alias,
  );
}

/** CONFIG_UNKNOWN_NEED: another value of the same name is in the config. */
export function otherValue(what: string, alias: string): GreenroomError {
  return failure(
    'CONFIG_UNKNOWN_NEED',
    `${what} needs a \`${alias}\` that is not the one of the config: it was built a second time`,
    `build it once, and pass the same value to \`needs\` and to \`resources\``,
    alias,
  );
}

/** CONFIG_CYCLE: the names, with the first once more at the end. */
export function circularNeeds(names: readonly string[]): GreenroomError {
  return failure(
    'CONFIG_CYCLE',
    `resources need each other in a circle: ${names.join(' → ')}`,
    'one of them must do without the next: nothing in a circle can be started first',
    names[0],
  );
}

/** CONFIG_UNKNOWN_NEED: a probe asks something its owner does not need. */
export function unknownAlias(what: string, alias: string, aliases: readonly string[]): GreenroomError {
  const guess = nearest(alias, aliases);
  return failure(
    'CONFIG_UNKNOWN_NEED',
    `a probe of ${what} asks \`${alias}\`, which is not among its needs`,
    guess === undefined ? `add it: \`needs: { …, ${alias} }\`` : `did you mean \`${guess}\`?`,
    alias,
  );
}

/** CONFIG_INVALID: a gate's probe that would ask the gate itself. */
export function gateProbeOfNothing(path: string, kind: string): GreenroomError {
  const example = { http: "http('api', '/health')", sql: "sql('db', 'select …')" }[kind] ?? `${kind}('db')`;
  return failure(
    'CONFIG_INVALID',
    `${path}: a gate's \`${kind}\` probe must say which resource it asks`,
    `name it first, by its alias in \`needs\`, as in \`${example}\``,
  );
}

/** CONFIG_INVALID: a `capacity` probe that is not the whole probe of a gate. */
export function capacityElsewhere(path: string): GreenroomError {
  return failure(
    'CONFIG_INVALID',
    `${path}: \`capacity\` is the whole probe of a gate`,
    "give it a gate of its own, as in `gates: { room: gate({ needs: { api }, probe: capacity('api', '/health') }) }`",
  );
}

/** CONFIG_INVALID: a gate's probe that would read a log. */
export function gateHasNoLog(path: string): GreenroomError {
  return failure('CONFIG_INVALID', `${path}: a gate has no log to read`, "use `log` in a resource's `ready`");
}

/** CONFIG_INVALID: a glob of files that the infrastructure is made from, which matches none. */
export function noSuchInput(file: string, path: readonly PropertyKey[], pattern: string): GreenroomError {
  return invalid(file, [
    { path, text: `expected a glob that matches files, got ${show(pattern)}, which matches none` },
  ]);
}

/** SLICE_SCOPE */
export function sliceOfShared(name: string, needed: string, slice: string): GreenroomError {
  return failure(
    'SLICE_SCOPE',
    `resources.${name} is shared by all and needs ${needed}, of which each ${slice} has a part of its own`,
    `\`scope: 'worker'\` on ${name} gives each worker its own; or take \`slice: 'none'\` for ${needed}; or let ${name} see the whole of it: \`shared: 'base'\` on ${needed}`,
    name,
  );
}

/** SLICE_SCOPE: what a worker has for long cannot see what it has for a file or a spec. */
export function sliceTooShort(name: string, needed: string, slice: string): GreenroomError {
  return failure(
    'SLICE_SCOPE',
    `resources.${name} is a worker's own and needs ${needed}, of which each ${slice} has a part of its own`,
    `take \`slice: 'worker'\` for ${needed}`,
    name,
  );
}

/** CONFIG_INVALID */
export function notScoped(name: string, kind: string): GreenroomError {
  return failure(
    'CONFIG_INVALID',
    `resources.${name}.scope: there is no ${kind} of each worker's own`,
    'leave `scope` out; a `command`, a `custom`, a `mockLlm` and a `container` can have it',
    name,
  );
}

/** CONFIG_INVALID: with `scope: 'worker'` there is no whole that could be cut. */
export function sliceOfScoped(name: string): GreenroomError {
  return failure(
    'CONFIG_INVALID',
    `resources.${name} is cut into slices, but with \`scope: 'worker'\` each worker has a ${name} of its own`,
    'leave `slice` and `slices` out, or `scope`',
    name,
  );
}

/** CONFIG_INVALID: nothing is handed on that could be reset. */
export function resetUnused(name: string): GreenroomError {
  return failure(
    'CONFIG_INVALID',
    `resources.${name}.reset is for what one worker has after another, but all share ${name}`,
    "add `scope: 'worker'`, or leave `reset` out",
    name,
  );
}

/** CONFIG_INVALID: it would go on with what is the last worker's. */
export function resetOfSlices(name: string, needed: string): GreenroomError {
  return failure(
    'CONFIG_INVALID',
    `resources.${name}.reset would hand ${name} on to a worker that has another ${needed}`,
    `leave \`reset\` out: ${name} is then started anew for each worker`,
    name,
  );
}

/** CONFIG_INVALID: this kind has no slices, or `custom` does not say how they are made. */
export function slicesNotMade(name: string, kind: string): GreenroomError {
  return failure(
    'CONFIG_INVALID',
    `resources.${name}.slice: ${kind === 'custom' ? 'nothing says how a part is made' : `a ${kind} cannot be cut into slices`}`,
    kind === 'custom' ? 'add `slices: { make, drop }`' : 'leave `slice` out, or use `custom`',
    name,
  );
}

/** CONFIG_INVALID: `slices` without `slice`. */
export function slicesUnused(name: string): GreenroomError {
  return failure(
    'CONFIG_INVALID',
    `resources.${name}.slices says how parts are made, but not for whom`,
    "add `slice: 'worker'`, `'file'` or `'test'`",
    name,
  );
}

/** CONFIG_INVALID: what is kept are slices, and there are none. */
export function nothingKept(name: string): GreenroomError {
  return failure(
    'CONFIG_INVALID',
    `resources.${name}.keepOnFailure keeps the slice of a spec that fails, but ${name} has no slices`,
    "add `slice: 'worker'`, `'file'` or `'test'`",
    name,
  );
}

/** CONFIG_INVALID: only what several specs use one after the other can be brought back between them. */
export function nothingReset(name: string, slice = 'none'): GreenroomError {
  return failure(
    'CONFIG_INVALID',
    `resources.${name}.reset brings a worker's or a file's slice back after each spec, but its \`slice\` is '${slice}'`,
    slice === 'test' ? 'leave `reset` out: each spec has a slice of its own' : "add `slice: 'worker'` or `'file'`",
    name,
  );
}

/** CONFIG_INVALID: a database that was there before is left as it is. */
export function contentsOfOthers(name: string, option: string): GreenroomError {
  return failure(
    'CONFIG_INVALID',
    `resources.${name}.${option}: the database that \`url\` names is not ours to change, and without \`slice\` there is no other`,
    "add `slice: 'worker'`, `'file'` or `'test'`, so that each has a database of its own on that server; or leave `url` out",
    name,
  );
}
