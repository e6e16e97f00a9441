/** Finds what looks like somebody's secret in a text: keys of known services, private keys, passwords in addresses, long random words. */

const shapes: Record<string, RegExp> = {
  'a private key': /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
  'a Stripe key': /\b[sr]k_(?:live|test)_\w{14,}/,
  'a webhook secret': /\bwhsec_[\w+/=]{16,}/,
  'an AWS key': /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
  'a GitHub token': /\b(?:gh[pousr]_\w{36,}|github_pat_\w{40,})/,
  'a Slack token': /\bxox[abprs]-[\w-]{10,}/,
  'a Google key': /\bAIza[\w-]{35}/,
  'a package token': /\bnpm_\w{36}\b/,
  'a signed token': /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
  'a password in an address':
    /\b(?:postgres(?:ql)?|mysql|rediss?|amqps?|smtps?|mongodb(?:\+srv)?|https?):\/\/[^\s:/?#@'"`<>{}$]+:[^\s@/'"`<>{}$]{6,}@[^\s'"`]+/,
  'a random word that is called a secret':
    /\b\w*(?:secret|token|passw(?:or)?d|kek|api_?key)\w*['"]?\s*[:=]\s*['"`](?=[\w+/=-]*\d)(?=[\w+/=-]*[a-z])(?=[\w+/=-]*[A-Z])[\w+/=-]{20,}['"`]/i,
}

/** Written for tests and examples: nobody's. */
const made =
  /AKIAIOSFODNN7EXAMPLE|sk_live_51H8yQe2eZvKYlo2C0aB9|_(?:emulated|browser|bench|none|other)|(?:user|name|me|lingxi|postgres|app|owner|mallory|x):(?:pass|word|secret|password|hunter2|p)\w*@|@(?:example|evil)\.|example\.(?:com|org)/i

/** What was found, by its kind; the secret itself is not repeated. */
export function secretsIn(text: string): string[] {
  return Object.entries(shapes).flatMap(([kind, shape]) =>
    [...text.matchAll(new RegExp(shape, `${shape.flags}g`))].flatMap(({ 0: found, index }) =>
      made.test(found) ? [] : [`${kind} at ${index}: ${found.slice(0, 12)}…`],
    ),
  )
}

/** One of each kind, put together so that this file holds none. */
export const plantedSecrets: readonly string[] = [
  ['-----BEGIN', 'PRIVATE KEY-----'].join(' '),
  `sk_${'live'}_${'a1B2'.repeat(6)}`,
  `whsec_${'a1B2'.repeat(8)}`,
  `AKIA${'Q7'.repeat(8)}`,
  `ghp_${'a1B2'.repeat(9)}`,
  `xoxb-${'1234567890'}-x`,
  `AIza${'a1B2c'.repeat(7)}`,
  `npm_${'a1B2'.repeat(9)}`,
  `eyJ${'hbGciOi1'.repeat(2)}.eyJ${'hbGciOi1'.repeat(2)}.${'a1B2'.repeat(4)}`,
  `postgresql://keeper:${'q8Zt5vXw'}@db.internal/x`,
  `const tokenSecret = '${'q8Zt5vXw'.repeat(4)}'`,
]
