"""Words that several layers share: closed lists, each with what it means; import nothing else."""
