/** What a gateway can be asked on its control socket. */
import type { Server } from 'node:http';
import { listenForControl, Refused } from '../control/server.ts';
import { RAW_KINDS } from './fault.ts';
import type { Gateway } from './gateway.ts';
import type { Asked } from './schema.ts';

type Checked = Exclude<keyof Asked, '/ready'>;
type Handlers = { readonly [P in Checked]: (asked: Asked[P]) => unknown };

/** Listens on a path. `ready` is what `/ready` answers. */
export function controlled(gateway: Gateway, socket: string, ready: object): Promise<Server> {
  const handlers: Handlers = {
    '/open': async ({ name, upstream, slot }) => ({ port: (await gateway.open(name, upstream, slot)).port }),
    '/shut': ({ name }) => gateway.shut(name),
    '/exchanges': (question) => gateway.book.find(question),
    '/fault': ({ slot, fault }) => {
      if (gateway.protocol === 'tcp' && !RAW_KINDS.has(fault.kind))
        throw new Refused(`a raw connection can have no \`${fault.kind}\`: ${[...RAW_KINDS].join(', ')}`);
      if (gateway.protocol === 'tcp' && fault.spec !== undefined)
        throw new Refused('a raw connection does not say which spec it is of; leave `spec` out');
      gateway.scripts.add(slot, fault);
    },
    '/clear': (whose) => gateway.scripts.clear(whose),
  };
  return listenForControl(socket, async (path, question) => {
    if (path === '/ready') return ready;
    // Not at the start, which it would make twice as long.
    const { schemas, complaint } = await import('./schema.ts');
    if (!Object.hasOwn(handlers, path)) throw new Refused(`there is no ${path} here`);
    const checked = schemas[path as Checked].safeParse(question);
    if (!checked.success) throw new Refused(complaint(checked.error));
    return (handlers[path as Checked] as (asked: unknown) => unknown)(checked.data);
  });
}
