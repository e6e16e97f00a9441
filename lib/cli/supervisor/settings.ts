/** What each child process is told: its own settings and no more secrets than it needs. */
import type { RoleUrls } from '@/lib/platform/postgres/roles'
import { StartupError } from '@/lib/platform/postgres/startup-error'
import type { Secrets } from '@/lib/platform/secrets'

export type Environment = Record<string, string | undefined>

export interface Running {
  readonly children: readonly string[]
  restart(name: string): void
  /** Work to do when everything stops. */
  onStop(work: () => unknown): void
}

export interface SuperviseOptions {
  readonly mode: 'start' | 'dev' | 'web' | 'worker'
  readonly root: string
  readonly bundles: string
  readonly port: number
  readonly host: string
  readonly dataDir: string
  readonly demo: boolean
  readonly environment: Environment
  /** Called when the programs run, before the demo is made. */
  readonly onStarted?: (running: Running) => unknown
  readonly phase: <T>(title: string, work: () => Promise<T>) => Promise<T>
}

/** The owner's address can change tables; it never reaches a running program. */
const forOwnerOnly = ['DATABASE_URL', 'LINGXI_OWNER_URL']
const secretNames = ['LINGXI_APP_URL', 'LINGXI_SYSTEM_URL', 'LINGXI_AUTH_SECRET', 'LINGXI_TOKEN_SECRET', 'LINGXI_KEK']

function common(options: SuperviseOptions): Environment {
  const dev = options.mode === 'dev'
  const inherited = Object.entries(options.environment).filter(
    // npm's own variables confuse the tools below it.
    ([name]) => !forOwnerOnly.includes(name) && !name.startsWith('npm_'),
  )
  return {
    ...Object.fromEntries(inherited),
    NODE_ENV: dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    LINGXI_DEV: dev ? '1' : '0',
    LINGXI_DATA_DIR: options.dataDir,
    LINGXI_PORT: String(options.port),
    LINGXI_HOST: options.host,
    LINGXI_DEMO: options.demo ? '1' : '0',
  }
}

export function appEnvironment(
  options: SuperviseOptions,
  secrets: Secrets | undefined,
  urls: RoleUrls,
  inferenceUrl: string,
): Environment {
  const given = options.environment
  return {
    ...common(options),
    LINGXI_APP_URL: urls.app,
    LINGXI_SYSTEM_URL: urls.system,
    LINGXI_AUTH_SECRET: given.LINGXI_AUTH_SECRET || secrets?.authSecret,
    LINGXI_TOKEN_SECRET: given.LINGXI_TOKEN_SECRET || secrets?.tokenSecret,
    LINGXI_KEK: given.LINGXI_KEK || secrets?.kek,
    INFERENCE_URL: inferenceUrl,
  }
}

/** Inference reads models, nothing else: neither the database nor any secret. */
export function inferenceEnvironment(options: SuperviseOptions, port: number, modelsKey: string): Environment {
  const plain = Object.entries(common(options)).filter(
    ([name]) => !secretNames.includes(name) && !/SECRET|PASSWORD|SMTP|REDIS|STRIPE/.test(name),
  )
  return { ...Object.fromEntries(plain), LINGXI_INFERENCE_PORT: String(port), LINGXI_MODELS_KEY: modelsKey }
}

/** A machine that joins others must not invent secrets of its own: it could not read what they stored. */
export function refuseMissingSecrets(environment: Environment, secrets: Secrets | undefined): void {
  if (secrets !== undefined) return
  const missing = ['LINGXI_KEK', 'LINGXI_AUTH_SECRET', 'LINGXI_TOKEN_SECRET'].filter((name) => !environment[name])
  if (missing.length === 0) return
  throw new StartupError(
    `This machine joins an installation and needs its secrets: put its secrets.json into the data folder, or set ${missing.join(', ')}.`,
  )
}
