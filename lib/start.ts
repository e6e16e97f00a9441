/** The one place that chooses implementations from the environment; once per process, whoever asks first. */
import { join } from 'node:path'
import { type Env, readEnv } from './core/env'
import type { Services } from './platform/context'
import { Vault } from './platform/crypto/vault'
import { openDatabase } from './platform/db/database'
import { PostgresBus } from './platform/events/bus.postgres'
import { RedisBus } from './platform/events/bus.redis'
import { Follower } from './platform/events/follower'
import { OipClassifier } from './platform/inference/classifier.oip'
import { createLog } from './platform/log'
import { createMailer } from './platform/mail/mailer'
import { DiskStorage } from './platform/storage/storage.disk'
import { ChildTrainer } from './platform/training/trainer.child'

export interface Started extends Services {
  follower: Follower
  close(): Promise<void>
}

/** Builds the services of one process. @param name of the process, for its log lines */
export function createServices(name: string, env: Env = readEnv()): Started {
  const log = createLog(name, env.LINGXI_LOG_LEVEL)
  const database = openDatabase({ appUrl: env.LINGXI_APP_URL, systemUrl: env.LINGXI_SYSTEM_URL })
  const bus = env.REDIS_URL ? new RedisBus(env.REDIS_URL, log) : new PostgresBus(env.LINGXI_APP_URL, log)
  const classifier = new OipClassifier(env.INFERENCE_URL, log)
  const vault = new Vault(env.LINGXI_KEK)
  const services: Services = {
    env,
    log,
    database,
    bus,
    classifier,
    vault,
    mailer: createMailer(env),
    storage: new DiskStorage(join(env.LINGXI_DATA_DIR, 'files')),
    trainer: new ChildTrainer(
      env.LINGXI_MODELS_DIR || join(env.LINGXI_DATA_DIR, 'models'),
      vault.signingKey(),
      env.LINGXI_TRAINING_MEMORY_MB,
    ),
    pages: { ready: true },
  }
  const follower = new Follower(services)
  return {
    ...services,
    follower,
    close: async () => {
      follower.close()
      await Promise.allSettled([bus.close(), classifier.close(), database.close()])
    },
  }
}

// Next bundles its own copy of this module into the same process: the services hang where both copies find them.
const place = globalThis as typeof globalThis & { lingxi?: Started }

/** The services of this process. */
export function services(): Started {
  place.lingxi ??= createServices('web')
  return place.lingxi
}
