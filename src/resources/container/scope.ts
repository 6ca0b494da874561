/** Addresses that are right for the host and wrong in a container. */
import { publishedAt } from '../../containers/published.ts';
import { hostPorts, isLoopbackHost, loopbackPorts } from '../../containers/views.ts';
import type { ResourceContext } from '../driver.ts';

/**
 * In a container `127.0.0.1` is that container. What it is told must not lead there where another server of this
 * generation is meant, which is to be found at that port of the host.
 *
 * @param told what → text: the variables and words that it gets
 * @throws GreenroomError INFRA_ENDPOINT_SCOPE
 */
export function requireInsideView(ctx: ResourceContext, told: Readonly<Record<string, string>>): void {
  for (const [what, port] of loopbackUses(told)) {
    const whose = ownerOf(ctx, port);
    if (whose === undefined) continue;
    throw ctx.error(
      'INFRA_ENDPOINT_SCOPE',
      `${ctx.name} is a container, and ${what} leads to ${whose} by port ${port} of the loopback address, which in a container is the container itself`,
      `take the endpoint that \`env\` is given: \`needs: { ${whose} }, env: ({ ${whose} }) => ({ … ${whose}.url })\``,
    );
  }
}

/** Ports of the loopback in what a container is told: in one text, or in two variables such as `PGHOST` and `PGPORT`. */
export function loopbackUses(
  told: Readonly<Record<string, string>>,
): readonly (readonly [what: string, port: number])[] {
  return Object.entries(told).flatMap(([what, text]) => {
    const uses = loopbackPorts(text).map((port) => [what, port] as const);
    if (!/HOST$/i.test(what) || !isLoopbackHost(text)) return uses;
    const [other, port] = Object.entries(told).find(([name]) => name === what.replace(/HOST$/i, portOf)) ?? [];
    return port === undefined ? uses : [...uses, [`${what} with ${other}`, Number(port)] as const];
  });
}

const portOf = (host: string): string => (host === 'host' ? 'port' : 'PORT');

function ownerOf(ctx: ResourceContext, port: number): string | undefined {
  const all = [...Object.entries(ctx.needs), ...Object.entries(ctx.endpoints())];
  const found = all.find(([, endpoint]) => hostPorts(endpoint).includes(port))?.[0];
  return found ?? publishedAt(port)?.resource;
}
