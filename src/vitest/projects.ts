/** Which projects of a Vitest process are ours to serve, and how they are told. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestProject, Vitest } from 'vitest/node';
import type { RegisteredEndpoints } from '../config/register.ts';
import type { Joined } from './joined.ts';
import { missingTags } from './tags.ts';

const IS_SOURCE = import.meta.url.endsWith('.ts');

const GLOBAL_SETUP = fileURLToPath(new URL(`../vitest/global-setup.${IS_SOURCE ? 'ts' : 'js'}`, import.meta.url));

/** Not compiled, and not in `dist`: Vitest evaluates it anew for each file only as long as it is TypeScript. */
const SETUP_FILE = fileURLToPath(
  new URL(`${IS_SOURCE ? '../..' : '../../..'}/workers/vitest-setup.mts`, import.meta.url),
);

/**
 * All projects when the root config has our global setup; else those that have it themselves. Without those that run
 * in a browser, of which the user is told.
 */
export function servedProjects(vitest: Vitest): readonly TestProject[] {
  const chosen = hasGlobalSetup(vitest.getRootProject()) ? vitest.projects : vitest.projects.filter(hasGlobalSetup);
  const browsers = chosen.filter((project) => project.isBrowserEnabled());
  if (browsers.length > 0) {
    const names = browsers.map(({ name }) => (name === '' ? 'all specs' : name)).join(', ');
    vitest.logger.warn(`greenroom: browser mode is not supported: ${names} run without infrastructure`);
  }
  return chosen.filter((project) => !browsers.includes(project));
}

function hasGlobalSetup({ config }: TestProject): boolean {
  return [config.globalSetup].flat().some(isGlobalSetup);
}

/** Global setup files with ours in front, once. */
export function inFront(globalSetup: readonly string[]): string[] {
  return [GLOBAL_SETUP, ...globalSetup.filter((file) => !isGlobalSetup(file))];
}

function isGlobalSetup(file: string): boolean {
  return file === 'greenroom/vitest/global-setup' || isSameFile(file, GLOBAL_SETUP);
}

/** In front of the user's own setup files, unless it is among them. */
export function addSetupFile(projects: readonly TestProject[]): void {
  for (const { config } of projects) {
    if (!config.setupFiles.some((file) => isSameFile(file, SETUP_FILE))) config.setupFiles.unshift(SETUP_FILE);
  }
}

/** To every project, however it is configured: what root `config()` adds does not reach all of them. */
export function publish(projects: readonly TestProject[], endpoints: object, joined: Joined): void {
  for (const project of projects) {
    project.provide('greenroom', endpoints as RegisteredEndpoints);
    project.provide('greenroom:joined', joined);
  }
}

/** In every project, before its config is sent to a worker. */
export function declareTags(projects: readonly TestProject[], names: readonly string[]): void {
  for (const { config } of projects) config.tags.push(...missingTags(names, config.tags));
}

/** A package that is linked has two paths. */
function isSameFile(a: string, b: string): boolean {
  if (a === b) return true;
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}
