/** What a mail says is stored sealed: its link signs somebody in, and a copy of the database must not. */
import type { Vault } from '@/lib/platform/crypto/vault'

export interface Said {
  text: string
  html: string
}

/** As the table keeps it. Rows from before mails were sealed say `sealed: false`. */
export interface Kept extends Said {
  id: string
  sealed: boolean
}

export function sealMail(vault: Vault, id: string, { text, html }: Said): Kept {
  const seal = (words: string, part: string) => vault.mails.seal(words, `mail ${part} ${id}`).toString('base64')
  return { id, sealed: true, text: seal(text, 'text'), html: seal(html, 'html') }
}

export function openMail(vault: Vault, { id, sealed, text, html }: Kept): Said {
  if (!sealed) return { text, html }
  const open = (kept: string, part: string) => vault.mails.open(Buffer.from(kept, 'base64'), `mail ${part} ${id}`)
  return { text: open(text, 'text'), html: open(html, 'html') }
}
