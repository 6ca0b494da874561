/** Databases that are brought back after each spec, each over a connection that stays open for it. */
import type { ResourceContext } from '../driver.ts';
import { Lanes } from './lanes.ts';
import { readContents, Resettable, type Contents, type Inside } from './reset.ts';

interface Used {
  readonly lanes: Lanes;
  readonly resettable: Resettable;
}

export class Resets {
  private readonly ctx: ResourceContext;
  private readonly url: (database: string) => string;
  private readonly unused: () => Promise<Inside>;
  private readonly used = new Map<string, Used>();
  private contents: Promise<Contents> | undefined;

  /** @param unused a database of the same make that nobody uses */
  constructor(ctx: ResourceContext, url: (database: string) => string, unused: () => Promise<Inside>) {
    this.ctx = ctx;
    this.url = url;
    this.unused = unused;
  }

  /** @throws GreenroomError SLICE_FAILED, once, when its schema is another one now; what the server says */
  async reset(database: string): Promise<void> {
    const { lanes, resettable } = this.used.get(database) ?? (await this.begin(database));
    if (await lanes.use((ask) => resettable.reset(ask))) return;
    throw this.ctx.error(
      'SLICE_FAILED',
      `a spec has changed the schema of ${this.ctx.name}, and \`reset: 'delete-dirty'\` brings back rows only`,
      "give specs that do so a database of their own, `slice: 'test'`",
    );
  }

  /** Nobody uses it any more. */
  end(database: string): void {
    this.used.get(database)?.lanes.close();
    this.used.delete(database);
  }

  private async begin(database: string): Promise<Used> {
    const unused = await this.unused();
    this.contents ??= readContents(unused);
    const used = {
      lanes: new Lanes(() => this.url(database), 1, this.ctx),
      resettable: new Resettable(await this.contents, unused),
    };
    this.used.set(database, used);
    return used;
  }
}
