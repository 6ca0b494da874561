/** What we add to a process's environment: to the main one, from which workers get theirs, and to a worker's own. */
export class Environment {
  private readonly before = new Map<string, string | undefined>();

  /** Sets these, and nothing of what was set before. */
  set(env: Readonly<Record<string, string>>): void {
    this.restore();
    for (const [name, value] of Object.entries(env)) {
      this.before.set(name, process.env[name]);
      process.env[name] = value;
    }
  }

  /** As it was: a key that is computed again must not cover what a generation has published. */
  restore(): void {
    for (const [name, value] of this.before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    this.before.clear();
  }
}
