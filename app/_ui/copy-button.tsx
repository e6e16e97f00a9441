/** Copies a text and says so, on the button and to screen readers. */
'use client'

import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { Button, type ButtonProps } from './button'
import { copyText } from './copy-text'

export function CopyButton({ text, label, ...rest }: { text: string; label?: string } & Omit<ButtonProps, 'children'>) {
  const t = useTranslations('common')
  const [said, setSaid] = useState<'copied' | 'notCopied'>()
  useEffect(() => {
    if (!said) return
    const timer = setTimeout(() => setSaid(undefined), 2_000)
    return () => clearTimeout(timer)
  }, [said])
  return (
    <Button
      {...rest}
      onClick={() =>
        copyText(text).then(
          () => setSaid('copied'),
          () => setSaid('notCopied'),
        )
      }
    >
      {said === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
      <span aria-live="polite">{said ? t(said) : (label ?? t('copy'))}</span>
    </Button>
  )
}
