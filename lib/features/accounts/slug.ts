/** Addresses of accounts: made from the name, free of words that pages of ours use. */

/** First path segments that are pages, files or plans of ours. */
export const reservedSlugs: ReadonlySet<string> = new Set(
  `about account accounts admin api app assets auth billing blog careers contact dashboard demo desk dev docs download
  en favicon favicon.ico features feed help home icon inbox inboxes invitations invite legal links lingxi live login logout mail manifest
  me metrics new null operator passwords policy press pricing privacy public reset robots robots.txt root security settings
  sign-in sign-out sign-up signin signout signup site sitemap static status support system team terms test tickets
  tour undefined user users webhook webhooks well-known widget widget.js www zh zh-cn _next`
    .split(/\s+/)
    .filter(Boolean),
)

const shape = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/

export const isSlug = (text: string): boolean => shape.test(text) && !text.includes('--') && !reservedSlugs.has(text)

const chance = (random: () => number): string =>
  Math.floor(random() * 36 ** 5)
    .toString(36)
    .padStart(5, '0')

/** A readable address for a name; a made-up one when nothing of the name can stand in an address (Chinese names). */
export function slugOf(name: string, random: () => number): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replace(/^-+|-+$/g, '')
  if (plain.length < 2) return `desk-${chance(random)}`
  return isSlug(plain) ? plain : `${plain}-desk`
}

/** What to try when a slug is taken: name-2 … name-9, then chance. */
export const nextSlug = (slug: string, attempt: number, random: () => number): string =>
  attempt < 9 ? `${slug}-${attempt + 1}` : `${slug}-${chance(random)}`
