/** How a website's server signs a customer's id, in the languages servers are written in. */

export const languages = [
  ['node', 'Node.js'],
  ['php', 'PHP'],
  ['python', 'Python'],
  ['ruby', 'Ruby'],
] as const
export type Language = (typeof languages)[number][0]

const examples: Record<Language, string> = {
  node: `import { createHmac } from 'node:crypto'

const signature = createHmac('sha256', process.env.LINGXI_IDENTITY_SECRET)
  .update(customer.id)
  .digest('hex')`,
  php: `$signature = hash_hmac('sha256', $customer->id, getenv('LINGXI_IDENTITY_SECRET'));`,
  python: `import hashlib, hmac, os

secret = os.environ["LINGXI_IDENTITY_SECRET"].encode()
signature = hmac.new(secret, customer.id.encode(), hashlib.sha256).hexdigest()`,
  ruby: `require 'openssl'

signature = OpenSSL::HMAC.hexdigest('sha256', ENV.fetch('LINGXI_IDENTITY_SECRET'), customer.id)`,
}

export const serverExample = (language: Language): string => examples[language]

/** The queue: right before the loader has come and after it. */
export const pageExample = `(window.Lingxi ||= []).push(['identify', {
  userId: customer.id,
  name: customer.name,
  email: customer.email,
  signature,
}])`
