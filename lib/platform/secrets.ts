/** The installation's own secrets: made once at random, kept in the data folder for its owner only. */
import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const schema = z.object({
  /** Key-encryption key: 32 bytes in base64. Without it nothing that was stored can be read again. */
  kek: z.string().min(1),
  /** Signs sign-in sessions. */
  authSecret: z.string().min(1),
  /** Signs visitors' tokens. */
  tokenSecret: z.string().min(1),
  /** Passwords of the database roles. */
  database: z.object({
    owner: z.string().min(1),
    app: z.string().min(1),
    system: z.string().min(1),
  }),
})

export type Secrets = z.output<typeof schema>

const fileIn = (dataDir: string) => join(dataDir, 'secrets.json')

export async function readSecrets(dataDir: string): Promise<Secrets | undefined> {
  const text = await readFile(fileIn(dataDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : schema.parse(JSON.parse(text))
}

/** Reads the secrets, making them on the very first start. */
export async function ensureSecrets(dataDir: string): Promise<Secrets> {
  const found = await readSecrets(dataDir)
  if (found !== undefined) return found
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const draft = `${fileIn(dataDir)}.${process.pid}`
  try {
    await writeFile(draft, `${JSON.stringify(generate(), null, 2)}\n`, {
      mode: 0o600,
      flush: true,
    })
    // A link appears whole or not at all, and never over secrets that somebody else has just made.
    await link(draft, fileIn(dataDir)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(draft, { force: true })
  }
  return (await readSecrets(dataDir)) as Secrets
}

function generate(): Secrets {
  const word = (bytes: number) => randomBytes(bytes).toString('base64url')
  return {
    kek: randomBytes(32).toString('base64'),
    authSecret: word(32),
    tokenSecret: word(32),
    database: { owner: word(24), app: word(24), system: word(24) },
  }
}
