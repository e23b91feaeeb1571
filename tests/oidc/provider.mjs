// A real OpenID provider (npm oidc-provider) for tests, on loopback and a port of the system's choice.
//
// It is told by its arguments who asks (client, secret, redirect address, the code of the legal person) and prints one line of JSON with its issuer
// when it listens. What a test wants of it beside the protocol goes to POST /-/…: /-/rotate gives it new keys,
// /-/spoil says how the next ID token is to be wrong: claims to change, or the algorithm "none"; it is signed by the
// provider's own key again. It ends when its standard input does.
import { createServer } from 'node:http';
import { generateKeyPair, exportJWK, SignJWT, importJWK, decodeJwt } from 'jose';
import Provider from 'oidc-provider';

const [client, secret, redirect, uscc] = process.argv.slice(2);

let issuer, key, answer, spoil;

async function begin() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  key = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: `k${Date.now()}-${Math.random()}` };
  const provider = new Provider(issuer, {
    clients: [{
      client_id: client, client_secret: secret, redirect_uris: [redirect], response_types: ['code'],
      grant_types: ['authorization_code'], token_endpoint_auth_method: 'client_secret_basic',
    }],
    jwks: { keys: [key] },
    cookies: { keys: ['a key for tests alone'] },
    pkce: { required: () => true },
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], profile: ['name', 'uscc'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, name: `${id}（示例）`, uscc: id === 'legal-person' ? uscc : undefined }) }),
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: false } },
    ttl: { Session: 600, Grant: 600, Interaction: 600, AccessToken: 60, IdToken: 60, AuthorizationCode: 60 },
  });
  provider.use(async (context, next) => {
    await next();
    if (context.path === '/token' && spoil && context.body?.id_token) {
      context.body = { ...context.body, id_token: await spoilt(context.body.id_token, spoil) };
      spoil = undefined;
    }
  });
  answer = provider.callback();
}

async function spoilt(token, { claims = {}, alg }) {
  const changed = { ...decodeJwt(token), ...claims };
  for (const name of Object.keys(changed)) if (changed[name] === null) delete changed[name];
  if (alg === 'none') {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'none', typ: 'JWT' })}.${part(changed)}.`;
  }
  if (alg === 'HS256') {
    const signing = new TextEncoder().encode(secret.padEnd(32, '0'));
    return new SignJWT(changed).setProtectedHeader({ alg, kid: key.kid }).sign(signing);
  }
  return new SignJWT(changed).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(await importJWK(key, 'RS256'));
}

const server = createServer(async (request, response) => {
  if (!request.url.startsWith('/-/')) return answer(request, response);
  let body = '';
  for await (const part of request) body += part;
  if (request.url === '/-/rotate') await begin();
  if (request.url === '/-/spoil') spoil = JSON.parse(body);
  response.writeHead(204).end();
});

server.listen(0, '127.0.0.1', async () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  await begin();
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
