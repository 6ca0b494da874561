/** What passes through a gateway, and what is recorded of it. */
import { createServer, request as ask, type IncomingMessage, type RequestListener } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { fronted, said } from '../../support/gateway.ts';
import { eventually } from '../../support/project.ts';
import { freePort, httpServer, listening } from '../../support/servers.ts';

const echo: RequestListener = (request, response) => {
  void text(request).then((body) => {
    const { method, url, headers, trailers } = request;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ method, url, headers, trailers, body }));
  });
};

/** A server that says the same to whoever connects, then closes the connection or leaves it open. */
function saying(answer: string, close = true): Promise<number> {
  return listening(
    createTcpServer((socket) => {
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => undefined);
      socket.once('data', () => (close ? socket.end(answer) : socket.write(answer)));
    }),
    '127.0.0.1',
  );
}

test('a request and its answer pass as they are, with times, sizes and whose they are', async () => {
  const { url, ended, written, door } = await fronted(await httpServer(echo));
  const own = await door(3);

  const first = await fetch(`${url}/a?token=abc&b=1`, {
    method: 'POST',
    body: JSON.stringify({ password: 'hush', name: 'chair' }),
    headers: { baggage: 'other=1,greenroom=7.spec-1', 'x-one': 'kept' },
  });
  const {
    headers,
    body,
    url: path,
  } = (await first.json()) as { headers: Record<string, string>; body: string; url: string };
  await (await fetch(`${own.url}/b`)).text();
  await (await fetch(`${url}/c`)).text();

  expect(first.headers.get('content-type')).toBe('application/json');
  expect(path).toBe('/a?token=abc&b=1');
  expect(body).toBe('{"password":"hush","name":"chair"}');
  expect(headers).toMatchObject({ 'x-one': 'kept', connection: 'close' });
  expect(headers['baggage']).toMatch(/^other=1,greenroom=7\.spec-1,greenroom-via=\w+-1$/);
  const [one, two, three] = await ended(3);
  expect(one).toMatchObject({ resource: 'api', slot: 7, spec: 'spec-1', method: 'POST', status: 200, end: 'complete' });
  expect(one).toMatchObject({
    path: '/a?token=***&b=1',
    requestBytes: 34,
    requestBody: '{"password":"***","name":"chair"}',
  });
  expect(one?.responseBytes).toBe(one?.declaredBytes);
  expect(one!.requestEnd!).toBeLessThanOrEqual(one!.duration);
  expect(one!.responseHead!).toBeLessThanOrEqual(one!.duration);
  expect(two).toMatchObject({ slot: 3, path: '/b', requestBytes: 0 });
  expect(three).not.toHaveProperty('slot');
  await eventually(() => (written().length === 3 ? true : undefined), 'three records in the file');
});

test('keep-alive, HEAD, 204, 304, chunks, trailers and 100-continue', async () => {
  const port = await httpServer((request, response) => {
    switch (request.url) {
      case '/head':
        response.writeHead(200, { 'content-length': 12 }).end();
        break;
      case '/204':
        response.writeHead(204).end();
        break;
      case '/304':
        response.writeHead(304, { etag: '"1"' }).end();
        break;
      case '/trailers':
        response.writeHead(200, { trailer: 'x-sum' });
        response.write('one');
        response.addTrailers({ 'x-sum': '3' });
        response.end();
        break;
      default:
        echo(request, response);
    }
  });
  const { url, port: door } = await fronted(port);

  const head = await fetch(`${url}/head`, { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe('12');
  expect((await fetch(`${url}/204`)).status).toBe(204);
  const unchanged = await fetch(`${url}/304`);
  expect([unchanged.status, unchanged.headers.get('etag')]).toEqual([304, '"1"']);

  const trailing = await answerOf(ask(`${url}/trailers`));
  expect([await text(trailing), trailing.trailers]).toEqual(['one', { 'x-sum': '3' }]);

  const sending = ask(`${url}/echo`, {
    method: 'DELETE',
    headers: { 'transfer-encoding': 'chunked', trailer: 'x-end' },
  });
  sending.write('a');
  sending.addTrailers({ 'x-end': 'yes' });
  expect(JSON.parse(await text(await answerOf(sending)))).toMatchObject({
    method: 'DELETE',
    body: 'a',
    trailers: { 'x-end': 'yes' },
  });

  const waiting = ask(`${url}/continue`, { method: 'POST', headers: { expect: '100-continue', 'content-length': 2 } });
  waiting.flushHeaders();
  await new Promise((resolve) => waiting.once('continue', resolve));
  waiting.write('ok');
  expect(JSON.parse(await text(await answerOf(waiting)))).toMatchObject({ body: 'ok' });

  // Two requests on one connection of the client's, which stays open after the first.
  const both = await said(
    door,
    'GET /204 HTTP/1.1\r\nHost: a\r\n\r\nGET /204 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  );
  expect(both.match(/HTTP\/1\.1 204/g)).toHaveLength(2);
});

test('an event stream comes as it is written, and an upgrade becomes a connection', async () => {
  let next = (): void => undefined;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: 1\n\n');
    next = () => void response.end('data: 2\n\n');
  });
  server.on('upgrade', (_, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello ');
    socket.on('data', (chunk) => socket.end(chunk));
    socket.on('end', () => socket.end());
  });
  const { url, ended } = await fronted(await listening(server, '127.0.0.1'));

  const stream = (await fetch(url)).body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await stream.read()).value).toBe('data: 1\n\n');
  next();
  expect((await stream.read()).value).toBe('data: 2\n\n');

  const upgrade = (): Promise<[import('node:stream').Duplex, Buffer]> => {
    const asking = ask(url, { headers: { connection: 'Upgrade', upgrade: 'echo' } }).end();
    return new Promise((resolve) => void asking.once('upgrade', (_, upgraded, head) => resolve([upgraded, head])));
  };
  const [socket, first] = await upgrade();
  socket.write('you');
  expect(first.toString() + (await buffer(socket)).toString()).toBe('hello you');
  expect((await ended(2))[1]).toMatchObject({ status: 101, end: 'complete', requestBytes: 3 });
  // Who leaves first has not given anything up: that is how a connection ends.
  const [leaving] = await upgrade();
  leaving.destroy();
  expect((await ended(3))[2]).toMatchObject({ status: 101, end: 'complete' });
});

test('requests beyond the limit wait, each slot in its order; too many are answered 503', async () => {
  const waiting: (() => void)[] = [];
  const order: string[] = [];
  const port = await httpServer((request, response) => {
    order.push(request.url ?? '');
    waiting.push(() => response.end());
  });
  const { gateway, url, door, ended } = await fronted(port, { limits: { concurrent: 1, queue: 3, timeout: 30_000 } });
  const [one, two] = [await door(1), await door(2)];
  const answers: Promise<Response>[] = [];
  for (const target of [`${one.url}/1a`, `${one.url}/1b`, `${one.url}/1c`, `${two.url}/2a`]) {
    answers.push(fetch(target));
    await eventually(() => (gateway.book.find({}).length === answers.length ? true : undefined), `${target} to come`);
  }
  const refused = await fetch(url);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toEqual({
    error: {
      code: 'CAPACITY',
      resource: 'api',
      message: "greenroom's gateway of api: 3 requests are waiting already, which is all that may",
    },
  });
  for (let at = 0; at < 4; at += 1) (await eventually(() => waiting[at], `request ${at + 1} at the server`))();
  await Promise.all(answers);
  expect(order).toEqual(['/1a', '/1b', '/2a', '/1c']);
  const queued = (await ended(5)).flatMap(({ path, queued: ms, end }) => (ms > 0 && end === 'complete' ? [path] : []));
  expect(queued).toEqual(['/1b', '/2a', '/1c']);
});

test('a server that is not there, breaks off or says too little: 502, a broken answer, and a record of each', async () => {
  const nobody = await fronted(await freePort());
  const refused = await fetch(nobody.url);
  expect(refused.status).toBe(502);
  expect(await refused.text()).toContain("greenroom's gateway of api: the server did not answer: connect ECONNREFUSED");
  expect((await nobody.ended(1))[0]).toMatchObject({ status: 502, end: 'server-gone' });

  const short = await fronted(await saying('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour'));
  const broken = await fetch(short.url);
  await expect(broken.text()).rejects.toThrow('terminated');
  expect((await short.ended(1))[0]).toMatchObject({
    status: 200,
    end: 'truncated',
    declaredBytes: 10,
    responseBytes: 4,
  });

  const silent = await fronted(await saying('HTTP/1.1 400 Bad Request\r\nContent-Length: 10\r\n\r\nfour', false));
  const given = await fetch(silent.url);
  expect(given.status).toBe(400);
  await given.body!.cancel();
  expect((await silent.ended(1))[0]).toMatchObject({
    status: 400,
    end: 'client-gone',
    declaredBytes: 10,
    responseBytes: 4,
  });
});

test('what is no request gets an answer that names the resource', async () => {
  const { port, ended } = await fronted(await httpServer(echo), { headTimeout: 200 });

  const large = await said(port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`);
  expect(large).toMatch(/^HTTP\/1\.1 431 .*"code":"HEADERS_TOO_LARGE","resource":"api"/s);
  const slow = await said(port, 'GET / HTTP/1.1\r\nHost:');
  expect(slow).toMatch(/^HTTP\/1\.1 408 .*the request did not come within 200 ms/s);
  const two = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
  expect(await said(port, two)).toMatch(/^HTTP\/1\.1 400 .*"code":"NOT_HTTP"/s);
  expect((await ended(3)).map(({ status, end }) => [status, end])).toEqual([
    [431, 'refused'],
    [408, 'refused'],
    [400, 'refused'],
  ]);
});

test('a client that leaves in the middle takes its request to the server with it', async () => {
  let left = 0;
  const port = await httpServer((_, response) => {
    response.write('a');
    response.once('close', () => (left += 1));
  });
  const { port: door, ended } = await fronted(port);

  const socket = connect(door, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
  socket.once('data', () => socket.destroy());
  await eventually(() => (left === 1 ? true : undefined), 'the server to see that the client is gone');
  expect((await ended(1))[0]).toMatchObject({ end: 'client-gone', status: 200 });
});

async function answerOf(asking: ReturnType<typeof ask>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asking.once('response', resolve);
    asking.once('error', reject);
    asking.end();
  });
}
