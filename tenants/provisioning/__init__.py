"""Making societies: the template schema, its replay, the spare schemas that lie ready, and taking one."""
