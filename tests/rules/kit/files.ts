/** The source files of the project: tracked and new ones, never ignored ones. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = process.cwd()

const code = /\.(ts|tsx|mts|mjs|js|jsx)$/
/** Folders that hold what was built, not what was written; only looked at where git is not there to tell. */
const built = new Set(['node_modules', '.next', '.build', 'data', '.git', 'generated', 'coverage'])

function walk(folder: string, prefix = ''): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (built.has(entry.name)) return []
    const path = prefix + entry.name
    return entry.isDirectory() ? walk(join(folder, entry.name), `${path}/`) : [path]
  })
}

/** Every file git knows or would add, relative to `folder`; a copy without git (an archive) is walked instead. */
export function projectFiles(folder = root): string[] {
  if (!existsSync(join(folder, '.git'))) return walk(folder).sort()
  const out = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: folder, encoding: 'utf8' })
  return [...new Set(out.split('\0'))].filter((path) => path && existsSync(join(folder, path))).sort()
}

export const isCode = (path: string): boolean => code.test(path)

/** Code people read and change here; tests and configuration are looser. */
export const isProductCode = (path: string): boolean => isCode(path) && /^(app|lib|models|prisma)\//.test(path)

export const read = (path: string, folder = root): string => readFileSync(join(folder, path), 'utf8')

/** Files as the fences take them: a path and its text. Planted violations are written the same way. */
export interface Source {
  path: string
  text: string
}

export const load = (paths: readonly string[], folder = root): Source[] =>
  paths.map((path) => ({ path, text: read(path, folder) }))
