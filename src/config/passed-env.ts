/**
 * What of a member's environment the infrastructure sees. The coordinator outlives the member that started it and
 * serves others, so nothing that belongs to one run only may leak into it.
 */
const PASSED = [
  'PATH',
  'HOME',
  'XDG_CACHE_HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TZ',
  'LANG',
  'LANGUAGE',
  // Where Node keeps what it has compiled: processes start faster.
  'NODE_COMPILE_CACHE',
  // Where container engines are and how they are set up.
  'CONTAINERS_CONF',
  'CONTAINERS_STORAGE_CONF',
  'CONTAINER_HOST',
  'DOCKER_CONFIG',
  'DOCKER_CONTEXT',
  'DOCKER_HOST',
  'REGISTRY_AUTH_FILE',
  'XDG_RUNTIME_DIR',
  // Markers of CI systems, which tools read to choose their output; GitHub ends all that carries its tracking id
  // with the job, and so it should end ours.
  'CI',
  'CONTINUOUS_INTEGRATION',
  'BUILDKITE',
  'CIRCLECI',
  'DRONE',
  'GITHUB_ACTIONS',
  'GITLAB_CI',
  'JENKINS_URL',
  'RUNNER_TRACKING_ID',
  'TEAMCITY_VERSION',
  'TF_BUILD',
  'TRAVIS',
];

/** The part of `env` that services and the config host start with: cleaned, plus the declared names. */
export function passedEnv(env: NodeJS.ProcessEnv, declared: readonly string[]): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const passes = PASSED.includes(name) || name.startsWith('LC_') || declared.includes(name);
    if (passes && value !== undefined) passed[name] = value;
  }
  return passed;
}
