import { expect, it } from 'vitest'
import { syncEntityTag } from './entity-tag-rules.ts'

const tag = (output: unknown): string | undefined => syncEntityTag('ListRecords', output)

it('is the count of the dataset, and of which others are to be merged into it', () => {
  expect(tag({ DatasetSyncCount: 0 })).toBe('"0"')
  expect(tag({ DatasetSyncCount: 7, MergedDatasetNames: [] })).toBe('"7"')
  const merged = tag({ DatasetSyncCount: 7, MergedDatasetNames: ['prefs.a', 'prefs.b'] })
  expect(merged).toMatch(/^"7-[\w-]{43}"$/)
  expect(tag({ DatasetSyncCount: 7, MergedDatasetNames: ['prefs.b', 'prefs.a'] })).toBe(merged)
  expect(tag({ DatasetSyncCount: 7, MergedDatasetNames: ['prefs.b'] })).not.toBe(merged)
})

it('is there for ListRecords alone', () => {
  expect(syncEntityTag('ListDatasets', {})).toBeUndefined()
})
