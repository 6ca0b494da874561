/** Projects whose PostgreSQL is cut into slices. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './copy.ts';
import { Project, type Member } from './project.ts';

export const MIGRATION =
  'create table items (id serial primary key, name text); insert into items (name) values ($$seed$$)';

export class DatabaseProject extends Project {
  /** @param text the config, whose databases are made from `migrations/*.sql` */
  constructor(text: string, migration = MIGRATION) {
    super(text);
    mkdirSync(join(this.dir, 'migrations'));
    writeFileSync(join(this.dir, 'migrations', '1.sql'), migration);
    symlinkSync(join(REPOSITORY, 'node_modules'), join(this.dir, 'node_modules'));
  }

  override get env(): Record<string, string> {
    return { ...super.env, XDG_CACHE_HOME: join(this.dir, 'cache') };
  }

  async worker(runner: Member): Promise<Member> {
    const { file } = await runner.hears('joined');
    return this.spawn('worker', { GREENROOM_FILE: file });
  }
}
