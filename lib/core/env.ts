/** The only reader of process.env: every setting with its default, checked once. */
import { z } from 'zod'
import { readNetworks } from './networks'

const flag = z
  .enum(['0', '1', 'true', 'false', ''])
  .default('')
  .transform((value) => value === '1' || value === 'true')

const schema = z.object({
  NODE_ENV: z.string().default('production'),
  /** Where this installation keeps everything that is its own. */
  LINGXI_DATA_DIR: z.string().default('data'),
  LINGXI_HOST: z.string().default('127.0.0.1'),
  LINGXI_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** The address people use; mails and snippets point there. */
  LINGXI_PUBLIC_URL: z.url().optional(),
  LINGXI_DEV: flag,
  LINGXI_DEMO: z.enum(['0', '1']).default('1'),
  LINGXI_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Login role of the running app, under row-level security. */
  LINGXI_APP_URL: z.string().default(''),
  /** Login role for the few acts that cross accounts. */
  LINGXI_SYSTEM_URL: z.string().default(''),
  /** Owner of the tables; only the migration step gets it. */
  LINGXI_OWNER_URL: z.string().default(''),
  LINGXI_AUTH_SECRET: z.string().default(''),
  LINGXI_TOKEN_SECRET: z.string().default(''),
  /** Key-encryption key, 32 bytes in base64. */
  LINGXI_KEK: z.string().default(''),
  /** Trust X-Forwarded-For from the proxy in front. */
  LINGXI_TRUST_PROXY: flag,
  /** New accounts from one network address in an hour. */
  LINGXI_SIGN_UPS_PER_HOUR: z.coerce.number().int().min(1).default(20),
  /** Passwords, codes, links, resets and invitations tried from one network address in a quarter of an hour. */
  LINGXI_TRIES_PER_QUARTER: z.coerce.number().int().min(1).default(60),
  /** Networks of one's own that webhooks may go to: `allow`, or networks with commas between; none when empty. */
  LINGXI_WEBHOOK_PRIVATE: z
    .string()
    .default('')
    .refine((value) => {
      try {
        return readNetworks(value)
      } catch {
        return false
      }
    }, 'takes allow, or networks such as 10.20.0.0/16 with commas between'),
  DATABASE_URL: z.string().default(''),
  REDIS_URL: z.string().default(''),
  INFERENCE_URL: z.string().default(''),
  /** Where our own inference child listens; 0 takes any free port and says which. */
  LINGXI_INFERENCE_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Bundles that were trained here; <data folder>/models when empty. */
  LINGXI_MODELS_DIR: z.string().default(''),
  /** Public key (base64 SPKI, Ed25519) that must have signed them; without it a present signature must merely hold. */
  LINGXI_MODELS_KEY: z.string().default(''),
  /** Execution provider of the inference child: auto tries cuda, then cpu. */
  LINGXI_INFERENCE_PROVIDER: z.enum(['auto', 'cpu', 'cuda', 'directml', 'coreml', 'webgpu']).default('auto'),
  /** Memory for accounts' models in the inference child, megabytes; the longest unused are closed first. */
  LINGXI_INFERENCE_MEMORY_MB: z.coerce.number().int().min(16).default(512),
  /** Memory of a training's child, weights included, megabytes; one that needs more fails. */
  LINGXI_TRAINING_MEMORY_MB: z.coerce.number().int().min(256).default(4_096),
  /** What an hour of one processor core costs the operator; 0 shows no cost. For estimates on pages only. */
  LINGXI_CPU_HOUR_PRICE: z.coerce.number().min(0).default(0),
  /** The currency of that price, as ISO 4217 writes it. */
  LINGXI_CPU_HOUR_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, 'is a code of three capitals, such as EUR')
    .default('USD'),
  /** Watts that a busy core draws, for estimates of a training's energy. */
  LINGXI_CPU_WATTS: z.coerce.number().min(0).max(1_000).default(10),
  SMTP_URL: z.string().default(''),
  MAIL_FROM: z.string().default('Lingxi <lingxi@localhost>'),
  /** Stripe bills the accounts with it; demo billing without. */
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^((sk|rk)_\w+)?$/, 'begins with sk_ or rk_')
    .default(''),
  /** Signs what Stripe sends to /api/stripe. */
  STRIPE_WEBHOOK_SECRET: z.string().default(''),
  /** What is sold beside the plans: model, data, support, with commas between. */
  LINGXI_ADD_ONS: z
    .string()
    .default('')
    .transform((value) => value.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(z.enum(['model', 'data', 'support']))),
  /** Stripe computes tax on what it bills; its Tax must be set up there before. */
  LINGXI_STRIPE_TAX: z.enum(['off', 'automatic']).default('off'),
  /** Where Stripe's API is. */
  STRIPE_API_URL: z.url().default('https://api.stripe.com'),
  GOOGLE_CLIENT_ID: z.string().default(''),
  GOOGLE_CLIENT_SECRET: z.string().default(''),
  GITHUB_CLIENT_ID: z.string().default(''),
  GITHUB_CLIENT_SECRET: z.string().default(''),
  OIDC_ISSUER: z.string().default(''),
  OIDC_CLIENT_ID: z.string().default(''),
  OIDC_CLIENT_SECRET: z.string().default(''),
  OIDC_NAME: z.string().default('Single sign-on'),
})

export type Env = z.output<typeof schema>

/** Reads and checks the settings; throws one error that names every bad one. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  // Compose and others pass a setting that nobody gave as an empty one.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const lines = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`Settings that cannot be used:\n  ${lines.join('\n  ')}`)
}

/** The address people use to reach this installation, without a trailing slash. */
export function publicUrl(env: Env): string {
  const host = ['0.0.0.0', '::'].includes(env.LINGXI_HOST) ? '127.0.0.1' : env.LINGXI_HOST
  const name = host.includes(':') ? `[${host}]` : host
  return (env.LINGXI_PUBLIC_URL ?? `http://${name}:${env.LINGXI_PORT}`).replace(/\/$/, '')
}

/** next-auth reads its own address from the process's environment only. */
export function tellNextAuth(env: Env): void {
  process.env.NEXTAUTH_URL = publicUrl(env)
}
