"""Words that several layers share: closed lists, each entry with what it means; imports nothing."""
