/** Addresses that are right for the host and wrong in a container. */
import { publishedAt } from '../../containers/published.ts';
import { hostPorts, loopbackPorts } from '../../containers/views.ts';
import type { ResourceContext } from '../driver.ts';

/**
 * In a container `127.0.0.1` is that container. What it is told must not lead there where another server of this
 * generation is meant, which is to be found at that port of the host.
 *
 * @param told what → text: the variables and words that it gets
 * @throws GreenroomError INFRA_ENDPOINT_SCOPE
 */
export function requireInsideView(ctx: ResourceContext, told: Readonly<Record<string, string>>): void {
  for (const [what, text] of Object.entries(told)) {
    for (const port of loopbackPorts(text)) {
      const whose = ownerOf(ctx, port);
      if (whose === undefined) continue;
      throw ctx.error(
        'INFRA_ENDPOINT_SCOPE',
        `${ctx.name} is a container, and ${what} leads to ${whose} by 127.0.0.1:${port}, which in a container is the container itself`,
        `take the endpoint that \`env\` is given: \`needs: { ${whose} }, env: ({ ${whose} }) => ({ … ${whose}.url })\``,
      );
    }
  }
}

function ownerOf(ctx: ResourceContext, port: number): string | undefined {
  const needed = Object.entries(ctx.needs).find(([, endpoint]) => hostPorts(endpoint).includes(port));
  return needed?.[0] ?? publishedAt(port)?.resource;
}
