export type { AuditLine } from './audit.ts';
export type { Actor, Delivery, EditionKey, Ledger, Looked, NewDelivery, NewRun, Run } from './ledger.ts';
export { addressee } from './ledger.ts';
export { lockFolder } from './lock.ts';
export type { Batch, ColdRow, Edition, EntityLists, KeptText, NewBatch, Store, TextValues, View } from './types.ts';
export { StoreError } from './types.ts';
export { type OpenOptions, openStore } from './open.ts';
