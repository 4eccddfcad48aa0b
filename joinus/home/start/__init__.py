"""The start page of each: the young person, the worker with tonight's group, the coordinator."""
