// A real OpenID provider (npm: oidc-provider) on a loopback port, for the tests of sign-in.
// Usage: node provider.mjs REDIRECT_URI...   prints its issuer; ends when its standard input does.
// Its own development pages ask for a login (any password will do) and for consent.
import http from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const web = createRequire(path.resolve(import.meta.dirname, '../../../web/package.json'))
const at = web.resolve('oidc-provider')
const { default: Provider } = await import(pathToFileURL(at).href)
const jose = await import(pathToFileURL(createRequire(at).resolve('jose')).href)

const people = {
  wang: { preferred_username: 'wang', name: '王伟', groups: ['watch'], email: 'wang@example.org', email_verified: true },
  li: { preferred_username: 'li', name: 'Li Na', groups: ['visitors'], email: 'li@example.org', email_verified: false },
  // Another subject whose login is that of wang.
  impostor: { preferred_username: 'wang', name: 'Not Wang', groups: ['watch'] },
  // `signed_in`: what the provider then states of how they have shown who they are.
}

let handler = (_request, answer) => answer.end()
const server = http.createServer((request, answer) => handler(request, answer))
await new Promise((done) => server.listen(0, '127.0.0.1', done))
const issuer = `http://127.0.0.1:${server.address().port}`

// Native clients may use any port of the loopback address (RFC 8252, section 7.3).
const client = (more) => ({
  application_type: 'native',
  redirect_uris: process.argv.slice(2),
  grant_types: ['authorization_code'],
  ...more,
})
const provider = new Provider(issuer, {
  clients: [
    client({ client_id: 'littoral', client_secret: 'a secret: with/odd%chars', id_token_signed_response_alg: 'RS256' }),
    client({ client_id: 'posted', client_secret: 'another', token_endpoint_auth_method: 'client_secret_post' }),
    client({ client_id: 'public', token_endpoint_auth_method: 'none' }),
    client({ client_id: 'curve', client_secret: 'third', id_token_signed_response_alg: 'ES256' }),
  ],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
  jwks: { keys: [await key('RS256', 'one'), await key('ES256', 'two')] },
  acrValues: ['two', 'one'],
  claims: { openid: ['sub', 'amr'], acr: null, auth_time: null, profile: ['preferred_username', 'name', 'groups'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: false, // claims of the scopes come in the ID token
  cookies: { keys: ['only for tests'] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...(people[id] ?? { preferred_username: id, name: id, groups: [] }) }),
  }),
})
const finished = provider.interactionFinished.bind(provider)
provider.interactionFinished = (request, answer, result, options) => {
  if (result.login) result.login = { ...result.login, ...people[result.login.accountId]?.signed_in }
  return finished(request, answer, result, options)
}
// `PUT /people/ID` with claims: what the provider says of somebody from now on.
const answers = provider.callback()
handler = (request, answer) => {
  const id = request.method === 'PUT' && /^\/people\/(\w+)$/.exec(request.url)?.[1]
  if (!id) return answers(request, answer)
  let body = ''
  request.on('data', (piece) => (body += piece))
  request.on('end', () => {
    people[id] = JSON.parse(body)
    answer.writeHead(204).end()
  })
}
console.log(issuer)
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))

async function key(alg, kid) {
  const { privateKey } = await jose.generateKeyPair(alg, { extractable: true })
  return { ...(await jose.exportJWK(privateKey)), kid, alg, use: 'sig' }
}
