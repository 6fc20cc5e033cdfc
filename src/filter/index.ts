export type { FilterColumns } from './columns.ts';
export { checkFilter, compileFilter, compileFilters, FilterError, fieldsOf } from './compile.ts';
export { type Filter, filter } from './form.ts';
