/* Runs a fuzz target over files, and over all files of folders: every kept input, again. */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>

static unsigned count;

static void run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    size_t size = 0, room = 1 << 20;
    uint8_t *bytes = mem_zero(room, 1);
    size = fread(bytes, 1, room, file);
    fclose(file);
    uint8_t *exact = mem_zero(size ? size : 1, 1); /* so that reading behind it is found out */
    memcpy(exact, bytes, size);
    free(bytes);
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    count++;
}

static void run_folder(DIR *folder, const char *path)
{
    const struct dirent *item;
    while ((item = readdir(folder))) {
        char name[4096];
        if (item->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, item->d_name);
        run_file(name);
    }
    closedir(folder);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (folder)
            run_folder(folder, argv[i]);
        else
            run_file(argv[i]);
    }
    printf("%u inputs\n", count);
    return count ? 0 : 1;
}
