/** Builds the widget from app/widget into public/: the loader, the panel it fetches, the frame as one file with its policy, and what that fetches later. */
import { createHash } from 'node:crypto'
import { watch as watchFolder } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, transform } from 'esbuild'

export interface WidgetSizes {
  /** What every page view of the business loads, bytes. */
  loaderGzip: number
  /** The panel and the frame: what the first opening adds, bytes. */
  frameGzip: number
  /** What comes with the first file (or a very long text), bytes. */
  moreGzip: number
}

export interface WidgetBuild extends WidgetSizes {
  /** Ends watching. */
  dispose(): void
}

export interface WidgetOptions {
  minify?: boolean
  watch?: boolean
  /** Where to write; `public` of the repository when absent. */
  outdir?: string
}

// The same two steps up from lib/cli/ and from .build/cli/.
const root = fileURLToPath(new URL('../../', import.meta.url))
const source = join(root, 'app/widget')
// Browsers since the end of 2022.
const target = ['chrome108', 'firefox108', 'safari16.4']

const gzip = (text: string) => gzipSync(text, { level: 9 }).length
const digest = (text: string, encoding: 'hex' | 'base64') => createHash('sha256').update(text).digest(encoding)

async function style(path: string, minify: boolean): Promise<string> {
  const { code } = await transform(await readFile(join(source, path), 'utf8'), {
    loader: 'css',
    charset: 'utf8',
    minify,
    target,
  })
  // The minifier leaves values of own properties as they are.
  return code.replace(/--[\w-]+: [^;}]+/g, (own) => own.replace(/([:,]) /g, '$1')).trim()
}

async function script(path: string, format: 'iife' | 'esm', minify: boolean, words: Record<string, unknown> = {}) {
  const define = Object.fromEntries(Object.entries(words).map(([name, value]) => [name, JSON.stringify(value)]))
  const { outputFiles } = await build({
    entryPoints: [join(source, path)],
    bundle: true,
    write: false,
    charset: 'utf8',
    legalComments: 'none',
    target,
    format,
    minify,
    define,
    // Everything is written for strict mode; saying so twice in every file would cost bytes of the budget.
    tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  })
  return outputFiles[0]?.text.trim() ?? ''
}

type Words = Record<'markup' | 'script' | 'more', Record<string, string[]>>

/**
 * The frame in one language (by its place in words.json). Style and script stand in the page itself: one request, and a
 * policy that allows these two texts and no other.
 */
async function frame(place: number, words: Words, more: string, minify: boolean) {
  const pick = (part: keyof Words) =>
    Object.fromEntries(Object.entries(words[part]).map(([name, texts]) => [name, texts[place] ?? '']))
  const markup = pick('markup')
  const locale = markup.lang ?? ''
  const css = await style('frame/frame.css', minify)
  const code = await script('frame/main.ts', 'iife', minify, {
    LOCALE: locale,
    WORDS: pick('script'),
    MORE: more,
  })
  const html = (await readFile(join(source, 'frame/frame.html'), 'utf8'))
    .replace(/<!-- .* -->\s*|<\/body>\s*<\/html>\s*/g, '')
    .replace(/>\s*\n\s*/g, '>')
    .replace(/{{(\w+)}}/g, (_, name: string) => markup[name] ?? '')
    .replace(/="([\w-]+)"/g, '=$1')
    .replace('<style></style>', () => `<style>${css}</style>`)
    .replace('<script></script>', () => `<script>${code}</script>`)
  const policy = [
    "default-src 'none'",
    // The frame's own script, and the one file it fetches later, wherever this is served (the border knows).
    `script-src 'sha256-${digest(code, 'base64')}' {host}/widget/more.js`,
    `style-src 'sha256-${digest(css, 'base64')}'`,
    "connect-src 'self'",
    'img-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
  return { locale, html, policy }
}

/** Readers never meet half a file. */
async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

async function buildOnce(minify: boolean, outdir: string): Promise<WidgetSizes> {
  const panel = await script('panel/panel.ts', 'esm', minify, { PANEL_CSS: await style('panel/panel.css', minify) })
  // The name changes with the text, so that the file can be kept for ever.
  const named = (name: string, text: string) => `${name}?${digest(text, 'hex').slice(0, 8)}`
  const loader = await script('loader/loader.ts', 'iife', minify, {
    LAUNCHER_CSS: await style('loader/launcher.css', minify),
    PANEL: named('panel.js', panel),
  })
  const words = JSON.parse(await readFile(join(source, 'frame/words.json'), 'utf8')) as Words
  const more = await script('more/more.ts', 'esm', minify, {
    MORE_WORDS: words.more,
    MORE_CSS: await style('more/more.css', minify),
  })
  const frames = await Promise.all([0, 1].map((place) => frame(place, words, named('more.js', more), minify)))
  await put(join(outdir, 'widget/panel.js'), panel)
  await put(join(outdir, 'widget/more.js'), more)
  for (const { locale, html } of frames) await put(join(outdir, `widget/frame.${locale}.html`), html)
  const policies = Object.fromEntries(frames.map(({ locale, policy }) => [locale, policy]))
  await put(join(outdir, 'widget/policies.json'), `${JSON.stringify(policies)}\n`)
  await put(join(outdir, 'widget.js'), loader)
  const largest = Math.max(...frames.map(({ html }) => gzip(html)))
  return { loaderGzip: gzip(loader), frameGzip: gzip(panel) + largest, moreGzip: gzip(more) }
}

export async function buildWidget(options: WidgetOptions = {}): Promise<WidgetBuild> {
  const { minify = true, watch = false, outdir = join(root, 'public') } = options
  const sizes = await buildOnce(minify, outdir)
  if (!watch) return { ...sizes, dispose: () => {} }
  let soon: NodeJS.Timeout | undefined
  const watcher = watchFolder(source, { recursive: true }, () => {
    clearTimeout(soon)
    soon = setTimeout(() => {
      buildOnce(minify, outdir).catch((error: Error) => console.error(`The widget does not build: ${error.message}`))
    }, 100)
  })
  const dispose = () => {
    clearTimeout(soon)
    watcher.close()
  }
  return { ...sizes, dispose }
}

if (basename(process.argv[1] ?? '').startsWith('build-widget')) {
  const { loaderGzip, frameGzip, moreGzip } = await buildWidget()
  const chat = loaderGzip + frameGzip
  console.log(`widget: loader ${loaderGzip} B gzip, chat ${chat} B gzip in all; with the first file ${moreGzip} B more`)
}
