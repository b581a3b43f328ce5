"""What is written from the derivations, how it is made anew only where it must, and how it is compared.

| module | what it does |
|--------|--------------|
| `jobs`   | the texts that one network, one loss or one theorem give; a job depends on no other |
| `stored` | texts of an earlier run, found by a digest of all they were made from |
| `pool`   | jobs in processes side by side |
| `making` | the two together, and the formatter |
| `files`  | texts to files: what must be there, what differs, what is extra |
"""
