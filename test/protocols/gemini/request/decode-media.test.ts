import { expect, test } from 'vitest'
import type { JsonObject } from '../../../../src/core/json.ts'
import { decoded, messagesOf } from './a-call.ts'

const partOf = (part: JsonObject) => messagesOf({ parts: [part] })[0]?.parts[0]
const base64 = (mediaType: string) => ({ kind: 'base64', mediaType, data: 'AAAA' })

test.each([
  ['image/png', { type: 'image', source: base64('image/png') }],
  ['audio/wav', { type: 'audio', source: base64('audio/wav') }],
  ['video/mp4', { type: 'video', source: base64('video/mp4') }],
  ['application/pdf', { type: 'document', source: base64('application/pdf') }],
  ['application/x-thing', { type: 'document', source: base64('application/x-thing') }],
])('bytes of %s', (mimeType, expected) => {
  expect(partOf({ inlineData: { mimeType, data: 'AAAA' } })).toEqual(expected)
  expect(partOf({ inline_data: { mime_type: mimeType.toUpperCase(), data: 'AAAA' } })).toEqual(expected)
})

test('text of any kind is a document of words', () => {
  const data = Buffer.from('a;ü').toString('base64')
  expect(partOf({ inlineData: { mimeType: 'text/csv', data, displayName: 'a.csv' } })).toEqual({
    ...{ type: 'document', name: 'a.csv' },
    source: { kind: 'text', text: 'a;ü' },
  })
})

test('the alphabet of URLs becomes the usual one', () => {
  expect(partOf({ inlineData: { mimeType: 'image/png', data: '-_-_' } })).toEqual({
    ...{ type: 'image' },
    source: { kind: 'base64', mediaType: 'image/png', data: '+/+/' },
  })
})

const url = (at: string, mediaType: string | null = null) => ({ kind: 'url', url: at, mediaType })
const upload = 'https://generativelanguage.googleapis.com/v1beta/files/abc-123'
test.each<[JsonObject, object]>([
  [
    { fileUri: 'https://example.com/a', mimeType: 'image/webp' },
    { type: 'image', source: url('https://example.com/a', 'image/webp') },
  ],
  [
    { file_uri: 'https://example.com/a.JPG?x=1' },
    { type: 'image', source: url('https://example.com/a.JPG?x=1') },
  ],
  [{ fileUri: 'http://example.com/a.mp3' }, { type: 'audio', source: url('http://example.com/a.mp3') }],
  [
    { fileUri: 'https://www.youtube.com/watch?v=1', displayName: 'x' },
    { type: 'video', source: url('https://www.youtube.com/watch?v=1') },
  ],
  [{ fileUri: 'https://example.com/a' }, { type: 'document', source: url('https://example.com/a') }],
  [{ fileUri: 'gs://bucket/a.png' }, { type: 'image', source: { kind: 'file', id: 'gs://bucket/a.png' } }],
  [
    { fileUri: upload, mimeType: 'audio/mp3' },
    { type: 'audio', source: { kind: 'file', id: upload } },
  ],
])('a file elsewhere: %j', (fileData, expected) => {
  expect(partOf({ fileData })).toEqual(expected)
})

test('how closely to look is said of all images, or of one', () => {
  const inlineData = { mimeType: 'image/png', data: 'AAAA' }
  const image = { type: 'image', source: base64('image/png') }
  const high = { level: 'MEDIA_RESOLUTION_HIGH' }
  const contents = [{ parts: [{ inlineData }, { inlineData, mediaResolution: high }] }]
  const low = decoded({ contents, generationConfig: { mediaResolution: 'MEDIA_RESOLUTION_LOW' } })
  expect(low.messages[0]?.parts).toEqual([
    { ...image, detail: 'low' },
    { ...image, detail: 'high' },
  ])
  const medium = decoded({ contents, generationConfig: { mediaResolution: 'MEDIA_RESOLUTION_MEDIUM' } })
  expect(medium.messages[0]?.parts).toEqual([image, { ...image, detail: 'high' }])
})
