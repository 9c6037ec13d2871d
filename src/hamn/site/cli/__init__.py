"""The command `hamn`: one file for each noun, each verb a function that calls an action."""
