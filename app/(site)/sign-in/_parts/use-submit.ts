/** One press, one call: busy while it runs, and its failure in words beside the field it is about. */
'use client'

import { useTranslations } from 'next-intl'
import { type FormEvent, useRef, useState } from 'react'
import { ApiError } from '@/app/_ui/api'
import { useErrorWords } from '@/app/_ui/error-words'

const fieldOfCode: Record<string, string> = {
  email_invalid: 'email',
  email_taken: 'email',
  password_weak: 'password',
  password_wrong: 'current',
  code_wrong: 'code',
}

export interface Submit {
  busy: boolean
  /** Words about one field, or undefined. */
  about(field: string): string | undefined
  /** A failure that belongs to no single field. */
  failure: { title: string; detail: string } | null
  run(work: () => Promise<unknown>): Promise<void>
  /** For forms: checks that every field has something, then runs `work` with the values. */
  onSubmit(work: (values: Record<string, string>) => Promise<unknown>): (event: FormEvent<HTMLFormElement>) => void
  /** Says that a field is missing. */
  miss(field: string, words: string): void
}

/** @param fields names that may carry a failure of their own; others are told above the form */
export function useSubmit(fields: readonly string[] = []): Submit {
  const t = useTranslations('identity.field')
  const wordsOf = useErrorWords()
  const [busy, setBusy] = useState(false)
  const running = useRef(false)
  const [problem, setProblem] = useState<{ field: string | null; title: string; detail: string } | null>(null)

  const run = async (work: () => Promise<unknown>) => {
    if (running.current) return
    running.current = true
    setBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      const code = error instanceof ApiError ? error.code : 'unexpected'
      const field = fieldOfCode[code] ?? null
      setProblem({ field: field && fields.includes(field) ? field : null, ...wordsOf(error) })
      if (field) document.getElementsByName(field)[0]?.focus()
    } finally {
      running.current = false
      setBusy(false)
    }
  }

  return {
    busy,
    failure: problem && problem.field === null ? problem : null,
    about: (field) =>
      problem?.field === field ? [problem.title, problem.detail].filter(Boolean).join('. ') : undefined,
    miss: (field, words) => setProblem({ field, title: words, detail: '' }),
    run,
    onSubmit: (work) => (event) => {
      event.preventDefault()
      const values: Record<string, string> = {}
      for (const [name, value] of new FormData(event.currentTarget)) {
        values[name] = String(value)
        if (values[name]?.trim() === '') {
          setProblem({ field: name, title: t('needed'), detail: '' })
          document.getElementsByName(name)[0]?.focus()
          return
        }
      }
      void run(() => work(values))
    },
  }
}
