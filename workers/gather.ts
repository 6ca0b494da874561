/**
 * Gathers what is needed to understand a failure. Started as `gather REQUEST` by who saw it; says on standard output
 * where the bundle is.
 */
import { makeBundle } from '../src/gather/bundle.ts';
import { requestSchema } from '../src/gather/request.ts';
import { SECRETS } from '../src/gather/start.ts';
import { toLine } from '../src/protocol/ndjson.ts';

const { [SECRETS]: secrets = '[]', ...env } = process.env;
process.env = env;
const request = requestSchema.parse({ ...JSON.parse(process.argv[2] ?? ''), secrets: JSON.parse(secrets) });
process.stdout.write(toLine(await makeBundle(request)));
// A part that hangs must not keep us.
process.exit();
