/** A schema as an application has it: tables with indexes, foreign keys and rows. */
const TABLES = 50;
const ROWS = 370;

/** As SQL, 18 MB on the server. */
export function schema(): string {
  return Array.from({ length: TABLES }, (_, index) => {
    const parent = index === 0 ? '' : `, add foreign key (parent) references t${index - 1}`;
    return `
      create table t${index} (id serial primary key, parent int, name text not null, at timestamptz default now());
      create index on t${index} (name);
      create index on t${index} (at);
      insert into t${index} (parent, name) select n, 'name ' || n from generate_series(1, ${ROWS}) n;
      alter table t${index} alter name set default ''${parent};`;
  }).join('\n');
}
