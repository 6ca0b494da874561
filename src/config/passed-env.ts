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
  // Which container engine a command speaks to, and how.
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'CONTAINERS_CONF',
  'CONTAINERS_STORAGE_CONF',
  'CONTAINER_HOST',
  'REGISTRY_AUTH_FILE',
  'DOCKER_HOST',
  'DOCKER_CONFIG',
  'DOCKER_CONTEXT',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
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
