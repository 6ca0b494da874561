/** Process entry: a gateway, told what it needs by its one argument, as JSON. */
import { controlled } from '../src/gateway/control.ts';
import { Gateway, type GatewaySettings } from '../src/gateway/gateway.ts';

const settings = JSON.parse(process.argv[2] ?? '') as GatewaySettings;
const gateway = new Gateway(settings);
const { port } = await gateway.open('', settings.upstream, settings.slot);
const control = await controlled(gateway, settings.control, { port });
process.once('SIGTERM', () => {
  control.close();
  control.closeAllConnections();
  void gateway.close().then(() => process.exit());
});
