export type { Batch, ColdRow, Edition, NewBatch, Store, TextValues, View } from './types.ts';
export { StoreError } from './types.ts';
export { openStore } from './open.ts';
